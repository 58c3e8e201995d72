"""The program ``xianjie``: global options, and a table of commands that are imported only when they are run."""

from __future__ import annotations

import gc
import gettext
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from typing_extensions import override

from cli.context import Settings, format_option, operating_system_user, output_options
from cli.failures import INTERRUPTED, tell
from cli.help import LazyNoun
from cli.output import display

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main", "xianjie"]

_COMMANDS: Final = {
    "init": ("cli.commands.init:init", "新建账本"),
    "area": ("cli.commands.area:area", "行政区划:装入、查看"),
    "fund": ("cli.commands.fund:fund", "资金:下达、分解、安排、调整、收回、结转、查看"),
    "project": ("cli.commands.project:project", "项目:申报、入库、批复、进度、验收、决算、移交、取消、查看"),
    "payment": ("cli.commands.payment:payment", "资金拨付:核拨、支付、报账、退回、质保金"),
    "asset": ("cli.commands.asset:asset", "资产:登记、公示、确权、颁证、移交、入账、查看"),
    "right": ("cli.commands.right:right", "五权:设定、终止、列出、现由谁持有、经过"),
    "disposal": ("cli.commands.disposal:disposal", "处置:提出、表决、评估、审批、处置、价款入账、查看"),
    "loss": ("cli.commands.loss:loss", "资产损失:发现、定责、追回、核销、查看"),
    "contract": ("cli.commands.contract:contract", "经营合同:签订、变更、续签、收款、终止、查看"),
    "upkeep": ("cli.commands.upkeep:upkeep", "管护:落实责任、登记巡查"),
    "condition": ("cli.commands.condition:condition", "运行状况:评定、四个一批分类"),
    "revival": ("cli.commands.revival:revival", "盘活:立项、申请销号、销号"),
    "count": ("cli.commands.count:count", "清查:登记结果、批准差异、计提折旧"),
    "income": ("cli.commands.income:income", "收益:设立账户、收支入账、分配办法、方案、审议、发放、查看"),
    "notice": ("cli.commands.notice:notice", "公示公告:登记、查看"),
    "site": ("cli.commands.site:site", "网页:生成公开网站或内部看板,检查个人信息"),
    "doc": ("cli.commands.doc:doc", "文件:登记、更正、关联、查看、查找"),
    "finding": ("cli.commands.finding:finding", "整改问题:登记、进展、申请销号、销号、反弹、查看"),
    "arrear": ("cli.commands.arrear:arrear", "拖欠:登记、清偿、查看"),
    "performance": ("cli.commands.performance:performance", "项目绩效:监控、评价"),
    "figure": ("cli.commands.figure:figure", "公布数:登记公布的数,与账本对照"),
    "target": ("cli.commands.target:target", "目标指标:填报"),
    "submission": ("cli.commands.submission:submission", "报告报送:登记、查看"),
    "rule": ("cli.commands.rule:rule", "规则包:采用、查看、检查、历次"),
    "report": ("cli.commands.report:report", "报表:占比、四率、五权、资金、项目、季报、整改等"),
    "audit": ("cli.commands.audit:audit", "审计:核验、流水、证明、见证、解释、重放、比较、抽样、审计包"),
    "export": ("cli.commands.export:export", "导出:日记账、流水、SQLite、Excel、OC4IDS"),
    "inbox": ("cli.commands.inbox:inbox", "待办:等我审核、审批的提议和金额"),
    "check": ("cli.commands.approve:check", "审核一项提议"),
    "approve": ("cli.commands.approve:approve", "批准一项提议并记账"),
    "reject": ("cli.commands.approve:reject", "退回一项提议"),
    "proposal": ("cli.commands.proposal:proposal", "提议:列出、查看、撤回"),
    "login": ("cli.commands.login:login", "登录:打开自己的密钥,空闲 15 分钟后失效"),
    "logout": ("cli.commands.login:logout", "退出登录"),
    "person": ("cli.commands.person:person", "人员:登记、列出、查看"),
    "key": ("cli.commands.key:key", "密钥:新建、登记、吊销、列出"),
    "role": ("cli.commands.role:role", "岗位:授予、收回、委托、列出"),
    "correct": ("cli.commands.correct:correct", "更正:预览、冲销、改记、历次"),
    "import": ("cli.commands.import_:import_", "批量导入:模板、检查、导入(CSV、XLSX)"),
    "backup": ("cli.commands.backup:backup", "备份:制作、核验、恢复、第二记录、原始记录的导出导入"),
    "vault": ("cli.commands.vault:vault", "保密库:个人信息的登记、查看、删除、核验"),
    "shell": ("cli.commands.shell:shell", "连续录入:一次打开账本,逐行输入,补全编号"),
    "doctor": ("cli.doctor.examination:doctor", "体检:数据库、磁盘、时钟、备份、权限、终端"),
    "db": ("cli.commands.db:db", "数据库:信息、重建报表数据、比对"),
    "demo": ("cli.commands.demo:demo", "演示:用一个县一年的数据走完全程"),
}
# Click asks gettext for its words; where no language was chosen (Windows never does) it is told ours.
os.environ.setdefault("LANGUAGE", "zh_CN")
gettext.bindtextdomain("messages", str(Path(__file__).parent / "locale"))

_BROKEN_PIPE: Final = 141  # as the shell reports SIGPIPE


class _Program(LazyNoun):
    """The root command: every failure becomes one message and an exit code."""

    @override
    def main(self, args: Sequence[str] | None = None, *_: Any, **extra: Any) -> Any:
        arguments = list(sys.argv[1:] if args is None else args)
        try:
            # Not standalone: click would print its own English messages.
            done = super().main(arguments, **{**extra, "prog_name": "xianjie", "standalone_mode": False})
            code = done if isinstance(done, int) else 0
            sys.stdout.flush()
        except (click.Abort, KeyboardInterrupt):
            code = INTERRUPTED
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = _BROKEN_PIPE
        except Exception as error:  # noqa: BLE001 - a person must never see a traceback; --debug shows it
            code = tell(error, arguments)
        sys.exit(code)


def _print_version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's callback
    if value and not ctx.resilient_parsing:
        from importlib import metadata

        click.echo(f"xianjie {metadata.version('xianjie-ledger')}")
        ctx.exit()


@click.group(
    cls=_Program,
    lazy=_COMMANDS,
    invoke_without_command=True,
    help="衔接账本:衔接资金从下达到资产的每一步,每个数字都能追溯。",
    epilog="多数命令:xianjie 名词 动词 --help 查看用法;先用 xianjie init 新建账本,或用 xianjie demo 看演示。",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option(
    "--db",
    envvar="XIANJIE_DB",
    default="./xianjie.db",
    metavar="地址",
    help="账本:文件路径或数据库地址,默认 ./xianjie.db;环境变量 XIANJIE_DB",
)
@click.option(
    "--as",
    "actor",
    envvar="XIANJIE_ACTOR",
    default=operating_system_user,
    metavar="姓名",
    help="经办人,默认为系统用户名;环境变量 XIANJIE_ACTOR",
)
@click.option(
    "--sign",
    envvar="XIANJIE_SIGN",
    default="",
    metavar="文件",
    help="签名账本:这一次用哪个密钥文件签名(会问口令),默认用已登录的;环境变量 XIANJIE_SIGN",
)
@format_option
@output_options
@click.option("--no-pager", is_flag=True, help="长表不分页显示")
@click.option("--no-color", is_flag=True, help="不用颜色;环境变量 NO_COLOR 亦可")
@click.option("--debug", is_flag=True, help="出错时显示程序调用过程")
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="显示版本")
@click.pass_context
def xianjie(ctx: click.Context, db: str, actor: str, sign: str, *, debug: bool, no_pager: bool, no_color: bool) -> None:
    """Keep the global options for the command that follows; without one, show today's desk."""
    display().pager = not no_pager
    if no_color or os.environ.get("NO_COLOR"):
        ctx.color = False
    settings = ctx.ensure_object(Settings)
    settings.db, settings.actor, settings.sign, settings.debug = db, actor, sign, debug
    if ctx.invoked_subcommand is None:
        from cli.desk import show_desk

        show_desk(settings)


def main() -> None:
    """Run the program with the arguments of the process; ends the process."""
    # A command keeps nearly all it makes until its end; at Python's own pace the collector walks it hundreds of times.
    gc.set_threshold(50_000, 20, 20)
    for stream in (sys.stdout, sys.stderr):
        # Windows pipes default to GBK, which cannot write every surname.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(**({"errors": "replace"} if stream.isatty() else {"encoding": "utf-8"}))
    xianjie.main()
