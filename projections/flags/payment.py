"""Flags of a project's money: paid too early, too much, out of order; retention, surplus, adjustment. funds.md 8.2."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from ledger.money import format_yuan
from projections.flags.model import Hit, Trace, check, count, day, fen, hit, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.flags.model import Terms
    from projections.flags.pictures import Project, World

__all__: list[str] = []


@check(
    "R7",
    "project",
    "决算日 + 天数 < 截至日,审定价 < 安排,且没有确认结余",
    "确认结余并收回:xianjie fund recover --cause 结余",
)
def surplus_unconfirmed(project: Project, terms: Terms) -> Iterator[Hit]:
    """Find where what settlement left over was not taken back."""
    settled, funded, on = project.fen("settled"), project.fen("funded"), project.on("settled")
    if on and 0 < settled < funded and not project.fen("surplus") and terms.since(on) > terms.number("days"):
        side = fen(f"决算 {terms.since(on)} 天后安排仍为", funded)
        yield hit(project.subject, side, "多于", fen("审定价", settled), *_of(project, "funded", "settled"))


@check("R8", "project", "已支付 > (形象进度 - 容许点数)× 合同价", "补报进度;超付的退回")
def ahead_of_progress(project: Project, terms: Terms) -> Iterator[Hit]:
    """Find where more was paid than work was done."""
    contracted, paid = project.fen("contracted"), project.fen("paid")
    if not contracted or project.percent is None or project.on("completed"):
        return
    points = max(0, project.percent - terms.number("margin_points"))
    if paid * 100 > points * contracted:
        allowed = fen(
            f"进度 {project.percent}%(减 {terms.number('margin_points')} 点)× 合同价", points * contracted // 100
        )
        traces = _of(project, "paid", "contracted")
        yield hit(project.subject, fen("已支付", paid), "多于", allowed, *traces, project.progress)


@check("R9", "project", "首次支付早于批复;或开工前支付 > 预付比例 × 合同价", "核对批复、开工日期;属预付款的补录合同")
def paid_before_start(project: Project, terms: Terms) -> Iterator[Hit]:
    """Find where money was paid before approval, or more than an advance before work started."""
    paid = project.money.get("paid")
    if paid is None or _is_fee(project, terms):
        return
    approved = project.on("approved")
    if not approved or paid.first < approved:
        yield hit(
            project.subject,
            day("首次支付", paid.first),
            "早于",
            day("批复", approved),
            paid,
            project.reached.get("approved"),
        )
        return
    early, share = project.early, terms.number("advance_percent")
    allowed = share * project.fen("contracted") // 100
    if early and early.fen > allowed:
        started = project.on("started") or "未开工"
        sides = fen(f"开工({started})前支付", early.fen), fen(f"预付 {share}% × 合同价", allowed)
        yield hit(project.subject, sides[0], "多于", sides[1], early, project.reached.get("started"))


@check("R10", "project", "已验收未决算,已支付 > 比例 × 合同价", "办理决算审计后再支付余款")
def paid_before_settlement(project: Project, terms: Terms) -> Iterator[Hit]:
    """Find where an accepted project that is not settled was paid above the cap."""
    contracted, paid, share = project.fen("contracted"), project.fen("paid"), terms.number("percent")
    if project.on("accepted") and not project.on("settled") and contracted and paid * 100 > share * contracted:
        allowed = fen(f"{share}% × 合同价 {format_yuan(contracted)} 元", share * contracted // 100)
        traces = _of(project, "paid", "contracted")
        yield hit(project.subject, fen("未决算已支付", paid), "多于", allowed, *traces, project.reached["accepted"])


@check("R11", "project", "已支付 + 预留质保金 > 审定价", "退回超出审定价的支付")
def above_settlement(project: Project, _terms: Terms) -> Iterator[Hit]:
    """Find where more was paid and held back than the audited price."""
    settled, spent = project.fen("settled"), project.fen("paid", "retained")
    if settled and spent > settled:
        traces = _of(project, "paid", "retained", "settled")
        yield hit(project.subject, fen("支付加质保金", spent), "多于", fen("审定价", settled), *traces)


@check("R12", "project", "已决算,预留质保金 < 比例 × 审定价", "补留质保金,或说明以保函代替")
def retention_missing(project: Project, terms: Terms) -> Iterator[Hit]:
    """Find where too little was held back of a settled contract."""
    settled, share = project.fen("settled"), terms.number("percent")
    if settled and project.fen("contracted") and project.held_fen * 100 < share * settled:
        needed = fen(f"{share}% × 审定价", -(-share * settled // 100))
        traces = _of(project, "settled", "retained")
        yield hit(project.subject, fen("预留质保金", project.held_fen), "少于", needed, *traces)


@check("R12", "project", "质保金退还日 < 验收日 + 缺陷责任期", "核对缺陷责任期", "defect_period_days")
def retention_released_early(project: Project, terms: Terms) -> Iterator[Hit]:
    """Find where retention was released before the defect period ended."""
    period, accepted, on = terms.general("defect_period_days"), project.on("accepted"), project.retention_released_on
    if not on or not accepted or period is None:
        return
    due = (date.fromisoformat(accepted) + timedelta(days=int(period))).isoformat()
    if on < due:
        yield hit(
            project.subject,
            day("质保金退还", on),
            "早于",
            day(f"验收后 {period} 天", due),
            project.reached["accepted"],
            project.money.get("retained"),
        )


@check("R13", "project", "已支付 > 已核拨,或已核拨 > 已安排", "更正错误的支付或核拨")
def more_than_it_has(project: Project, _terms: Terms) -> Iterator[Hit]:
    """Find where more was paid than released, or released than allocated: only an imported log can hold it."""
    names = {"funded": "已安排", "released": "已核拨", "paid": "已支付"}
    for more, less in (("paid", "released"), ("released", "funded")):
        sides = fen(names[more], project.fen(more)), fen(names[less], project.fen(less))
        if project.fen(more) > project.fen(less):
            yield hit(project.subject, sides[0], "多于", sides[1], *_of(project, more, less))


@check("R28", "all", "调整没有批准文件,或文件日期晚于新项目首次支付", "补办批准文件并登记")
def adjusted_unapproved(world: World, _terms: Terms) -> Iterator[Hit]:
    """Find where money moved to another project without a document, or with one dated after it was spent there."""
    for subject, document, dated, paid_on, positions in world.adjusted:
        if not document:
            yield hit(subject, count("批准文件", 0), "少于", count("应有", 1), *positions)
        elif dated and paid_on and dated > paid_on:
            yield hit(subject, day(f"文件 {document} 日期", dated), "晚于", day("新项目首次支付", paid_on), *positions)


@check("R29", "project", "完工超过天数仍无支付;或已全额支付却未开工", "核对完工、支付和开工记录")
def contradicting_states(project: Project, terms: Terms) -> Iterator[Hit]:
    """Find where completed and never paid, or paid in full and never started."""
    completed, paid, funded = project.on("completed"), project.fen("paid"), project.fen("funded")
    if completed and paid == 0 and funded and terms.since(completed) > terms.number("days"):
        side = fen(f"完工 {terms.since(completed)} 天后已支付", 0)
        yield hit(
            project.subject, side, "少于", fen("安排", funded), project.reached["completed"], *_of(project, "funded")
        )
    elif funded and paid >= funded and not project.on("started") and not _is_fee(project, terms):
        sides = fen("未开工已支付", paid), fen("安排", funded)
        yield hit(project.subject, sides[0], "达到", sides[1], *_of(project, "paid", "funded"))


@check("RF34", "all", "记账晚于年度结账,业务日期在已结账年度内,且没有理由", "补充批准的理由;错记的冲销后重记")
def late_without_reason(world: World, _terms: Terms) -> Iterator[Hit]:
    """Find where money was entered into a year that had been closed, without a reason."""
    for subject, year, on, position, closed in world.late:
        sides = words(f"业务日期 {on} 的记录在第", f"{position} 号"), words(f"{year} 年度结账第", f"{closed} 号")
        yield hit(subject, sides[0], "晚于", sides[1], position, closed)


def _of(project: Project, *measures: str) -> list[Trace]:
    return [project.money[each] for each in measures if each in project.money]


def _is_fee(project: Project, terms: Terms) -> bool:
    kind = terms.kind(project.type)
    return kind is not None and kind.is_fee
