"""Handlers of assets and their rights."""

from __future__ import annotations

from datetime import date

from ledger.commands.contracts import let_assets
from ledger.commands.dispatch import handles
from ledger.commands.work import ASSET, PROJECT, RIGHTS, Work
from ledger.domain import confirmation, formation, letting, objection, right, valuation
from ledger.domain.asset import Asset
from ledger.domain.project import Project
from ledger.rules.named import code_named


@handles(formation.IdentifyAsset)
def _identify(work: Work, command: formation.IdentifyAsset) -> None:
    project = work.load(PROJECT, command.project)
    project.must_exist(command.project)
    command = command.model_copy(
        update={"subclass": _subclass(work, command.subclass, command.asset_class, project.area, command.on)}
    )
    work.record(
        formation.decide_identify(
            work.load(ASSET, command.asset),
            project,
            _formed_by(work, project),
            command,
            work.rules(project.area, command.on),
            formation_id=f"F{work.position + 1}",
        )
    )


@handles(formation.TakeStock)
def _take_stock(work: Work, command: formation.TakeStock) -> None:
    subclass = _subclass(work, command.subclass, command.asset_class, command.area, command.on)
    work.record(formation.decide_stock(work.load(ASSET, command.asset), command, work.areas(), subclass))


@handles(formation.FormNoAsset)
def _form_none(work: Work, command: formation.FormNoAsset) -> None:
    work.record(formation.decide_none(work.load(PROJECT, command.project), command))


@handles(valuation.ClassifyAsset)
def _classify(work: Work, command: valuation.ClassifyAsset) -> None:
    state = work.load(ASSET, command.asset)
    if command.subclass and state.exists:
        asset_class = command.asset_class or state.asset_class
        subclass = _subclass(work, command.subclass, asset_class, state.area, command.on)
        command = command.model_copy(update={"subclass": subclass})
    work.record(valuation.decide_classify(state, command))


@handles(valuation.FinaliseValue)
def _finalise_value(work: Work, command: valuation.FinaliseValue) -> None:
    state = work.load(ASSET, command.asset)
    project = work.load(PROJECT, state.project) if state.project else Project()
    siblings = [each for each in _formed_by(work, project) if each.asset != state.asset]
    work.record(valuation.decide_finalise(state, project, siblings, command))


@handles(valuation.AddValue)
def _add_value(work: Work, command: valuation.AddValue) -> None:
    state, project = work.load(ASSET, command.asset), work.load(PROJECT, command.added_by)
    work.record(valuation.decide_add_value(state, project, _formed_by(work, project), command))


@handles(confirmation.NoticeOwnership)
def _notice_ownership(work: Work, command: confirmation.NoticeOwnership) -> None:
    state = work.load(ASSET, command.asset)
    state.must_have("identified", command.asset, "公示")
    work.record(confirmation.decide_notice(state, command, work.rules(state.area, command.on)))


@handles(objection.FileObjection)
def _file_objection(work: Work, command: objection.FileObjection) -> None:
    work.record(objection.decide_file(work.load(ASSET, command.asset), command))


@handles(objection.ResolveObjection)
def _resolve_objection(work: Work, command: objection.ResolveObjection) -> None:
    work.record(objection.decide_resolve(work.load(ASSET, command.asset), command))


@handles(confirmation.ConfirmAsset)
def _confirm(work: Work, command: confirmation.ConfirmAsset) -> None:
    confirmation_id = f"C{work.position + 1}"
    work.record(confirmation.decide_confirm(work.load(ASSET, command.asset), command, confirmation_id))


@handles(confirmation.CertifyAsset)
def _certify(work: Work, command: confirmation.CertifyAsset) -> None:
    work.record(confirmation.decide_certify(work.load(ASSET, command.asset), command))


@handles(confirmation.HandOverAsset)
def _hand_over(work: Work, command: confirmation.HandOverAsset) -> None:
    work.record(confirmation.decide_hand_over(work.load(ASSET, command.asset), command))


@handles(confirmation.BookAsset)
def _book(work: Work, command: confirmation.BookAsset) -> None:
    work.record(confirmation.decide_book(work.load(ASSET, command.asset), command))


@handles(right.SetRight)
def _set_right(work: Work, command: right.SetRight) -> None:
    asset, state = work.load(ASSET, command.asset), work.load(RIGHTS, command.asset)
    asset.must_exist(command.asset)
    (let,) = let_assets(work, (command.asset,))
    letting.check_unbound(state, command, let.contracts)
    work.record(right.decide_set(asset, state, command, work.rules(asset.area, command.on)))


def _subclass(work: Work, text: str, asset_class: str, area: str, on: date) -> str:
    """Return the code of the sub-class that is named, by the list of its class in the area on the day."""
    return code_named(text, f"subclasses_{asset_class}", "资产细类", work.rules(area, on), area, on) if text else ""


def _formed_by(work: Work, project: Project) -> list[Asset]:
    """Return the assets that the project formed; one that was merged into another counts there."""
    formed = [work.load(ASSET, code) for code in sorted(project.assets)]
    return [each for each in formed if each.life != "merged"]
