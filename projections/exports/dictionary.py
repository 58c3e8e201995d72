"""The data dictionary of the flat views: what each column of each sheet is called, and what it says in one sentence.

A name may mean one thing in one table and another in the next (the parent of a tranche and of an asset), so a word is
looked up by table and column. What means the same everywhere is written once.
"""

from __future__ import annotations

from typing import Final, NamedTuple

__all__ = ["Meaning", "column_label", "meaning"]


class Meaning(NamedTuple):
    """What a column is called, and the sentence that tells what stands in it."""

    label: str
    says: str


_EVERYWHERE: Final = {
    "position": Meaning("序号", "这一行出自账本第几号记录"),
    "effective_on": Meaning("业务日期", "事情发生的日期"),
    "recorded_at": Meaning("记账时间(UTC)", "记入账本的时刻,世界时"),
    "area": Meaning("地区", "六位区划代码,事情发生时的代码"),
    "town": Meaning("乡镇", "九位区划代码,没有落到乡镇的为空"),
    "village": Meaning("村", "十二位区划代码,没有落到村的为空"),
    "document": Meaning("文号", "这条记录依据的文件"),
    "plan_year": Meaning("计划年度", "资金所属的计划年度"),
    "project_year": Meaning("项目年度", "项目所属的计划年度,没有项目的为 0"),
    "project_type": Meaning("项目类型", "项目类型代码,名称见规则包"),
    "industry": Meaning("另行认定为产业", "1 认定为产业,0 认定为非产业,空为随项目类型"),
    "level": Meaning("资金级次", "central 中央、provincial 省级、city 市级、county 县级"),
    "fund_kind": Meaning("资金类别", "资金种类代码:transition 衔接资金、regular 常态化帮扶资金 等"),
    "direction": Meaning("任务方向", "资金任务方向代码:consolidation 巩固拓展(主任务)、work_relief 以工代赈 等"),
    "tranche": Meaning("资金批次", "资金批次的编号"),
    "project": Meaning("项目编号", "与哪个项目有关,没有的为空"),
    "asset": Meaning("资产编号", "资产的编号"),
    "asset_class": Meaning("资产类别", "operating 经营性、public 公益性、household 到户类"),
    "asset_form": Meaning("资产形态", "资产形态代码"),
    "subclass": Meaning("细类", "类别之下的细类,文字"),
    "scheme": Meaning("收益账户", "收益账户的编号"),
    "contract": Meaning("合同编号", "经营合同的编号"),
    "title": Meaning("标题", "标题,文字"),
    "place": Meaning("地点", "所在地点,文字"),
}

_OF_THINGS: Final = {
    "kind": Meaning("对象种类", "tranche 资金批次、project 项目、asset 资产"),
    "subject": Meaning("对象编号", "批次、项目或资产的编号"),
    "year": Meaning("年度", "对象的年度:项目年度、计划年度或资产形成年度"),
    "type": Meaning("对象类型", "项目为项目类型,资产为资产类别,批次为任务方向"),
}

_OWN: Final = {
    "fact_money": {
        "amount_fen": Meaning("金额(元)", "这一笔的金额,可为负数(退回、调出、冲减)"),
        "measure": Meaning(
            "措施代码",
            "issued 下达、received 分得、distributed 分解、recovered 收回、returned 下级退回、carried_over 结转、"
            "allocated 安排、funded 项目收到、adjusted 调出、surplus 结余收回、reclaimed 项目资金收回、released 核拨、"
            "paid 支付、reimbursed 报账、retained 质保金、planned 计划、estimated 概算、contracted 合同、"
            "invested 完成投资、settled 审定",
        ),
        "transfer_id": Meaning("资金流转号", "同一次流转的转出和转入两行号码相同,不是流转的为空"),
    },
    "fact_tranche": {
        "issuer": Meaning("下达单位", "从账外下达资金的单位,由上级批次分得的为空"),
        "parent": Meaning("上级批次", "由哪个批次分解而来,从账外下达的为空"),
        "advance": Meaning("提前下达", "1 为预算年度之前提前下达,0 不是"),
        "amount_fen": Meaning("金额(元)", "批次这一次得到的金额"),
        "direct": Meaning("直达资金", "1 为中央直达资金,0 不是"),
        "incentive": Meaning("激励资金", "1 为激励资金,0 不是"),
        "project_code": Meaning("预算项目代码", "预算管理一体化系统中的项目代码,照原样"),
        "income_item": Meaning("收入科目", "预算收入科目代码,照原样"),
        "expenditure_item": Meaning("支出科目", "预算支出科目代码,照原样"),
        "unit": Meaning("持有单位", "分解到单位的,单位名称"),
    },
    "fact_project": {
        "name": Meaning("项目名称", "项目名称,文字"),
        "unit": Meaning("实施单位", "负责实施的单位"),
        "content": Meaning("建设内容", "建设任务,文字"),
        "goal": Meaning("绩效目标", "绩效目标,文字"),
        "estimate_fen": Meaning("概算(元)", "入库时的概算,变更后为新的概算"),
        "state": Meaning("入库状态", "declared 申报未入库、listed 已入库"),
        "build_kind": Meaning("建设性质", "new 新建、continued 续建、extension 改扩建、repair 维修"),
        "begin_on": Meaning("计划开工", "计划开工的日期"),
        "finish_on": Meaning("计划完工", "计划完工的日期"),
        "households": Meaning("受益户数", "受益的户数"),
        "persons": Meaning("受益人数", "受益的人数"),
        "poor_households": Meaning("其中脱贫户和监测户", "受益户数中的脱贫户和监测户"),
        "poor_persons": Meaning("其中脱贫人口和监测对象", "受益人数中的脱贫人口和监测对象"),
        "linkage": Meaning("联农带农机制", "联农带农机制,文字"),
        "participation": Meaning("群众参与", "群众参与的情况,文字"),
    },
    "fact_financing": {
        "planned_fen": Meaning("计划金额(元)", "项目打算使用这项资金多少"),
    },
    "fact_milestone": {
        **_OF_THINGS,
        "milestone": Meaning("环节代码", "到达的环节:listed 入库、started 开工、completed 完工、confirmed 确权 等"),
    },
    "fact_asset": {
        "project": Meaning("来源项目", "由哪个项目形成,账本之前已有的为空"),
        "year": Meaning("形成年度", "资产形成的年度"),
        "value_fen": Meaning("原值(元)", "登记时的原值,以后的变动见“资产变动”"),
        "name": Meaning("资产名称", "资产名称,文字"),
        "quantity": Meaning("数量", "数量和计量单位,文字"),
        "provisional": Meaning("暂估", "1 为暂估入账,0 为已经审定"),
        "source": Meaning("账前来源", "账本之前已有的资产,其来源说明"),
        "parent": Meaning("拆分自", "由哪项资产拆分而来,不是拆分的为空"),
    },
    "fact_asset_state": {
        "aspect": Meaning("变动方面", "class 类别、place 地点、value 价值、final 审定、depreciation 折旧、life 去留"),
        "change_fen": Meaning("原值变动(元)", "原值增加多少,减少为负数"),
        "depreciation_fen": Meaning("折旧(元)", "计提的折旧,不改变原值"),
        "life": Meaning("去留", "live 在册、disposed 已处置、merged 已并入其他资产、closed 已销户"),
    },
    "fact_holding": {
        "year": Meaning("形成年度", "资产形成的年度"),
        "project": Meaning("来源项目", "资产由哪个项目形成,账本之前已有的为空"),
        "value_fen": Meaning("原值(元)", "设定权利时资产的原值"),
        "right": Meaning(
            "权利", "ownership 所有权、operation 经营权、income 收益权、supervision 监督权、disposal 处置权"
        ),
        "status": Meaning("权利状态", "held 已明确、none 无、unsettled 未明确"),
        "basis": Meaning("份额依据", "contribution 按出资、capacity 按容量、agreed 按约定、equal 均等、statutory 法定"),
        "due_on": Meaning("应明确期限", "权利未明确的,最迟哪一天明确"),
        "body": Meaning("议决主体", "由谁的会议决定:成员大会、代表大会、村民会议、单位等的代码"),
        "holder": Meaning("权利人编号", "权利人的编号,没有权利人的为空;农户只有编号"),
        "holder_kind": Meaning(
            "权利人类别", "village_collective 村集体、cooperative 农民专业合作社、household 农户 等"
        ),
        "holder_name": Meaning("权利人名称", "单位或集体的名称,不写人名"),
        "holder_village": Meaning("权利人所在村", "十二位区划代码,不属于村的为空"),
        "numerator": Meaning("份额分子", "份额的分子,与分母合为精确分数"),
        "denominator": Meaning("份额分母", "份额的分母"),
        "holders": Meaning("权利人个数", "几个权利人共同持有,0 为没有权利人"),
    },
    "fact_contract": {
        "mode": Meaning("经营方式", "self_run 自主经营、lease 租赁、contract 承包、entrust 委托经营、share_in 入股 等"),
        "operator": Meaning("经营者编号", "经营者的编号"),
        "operator_kind": Meaning("经营者类别", "company 企业、cooperative 农民专业合作社 等"),
        "operator_name": Meaning("经营者名称", "经营者的名称,不写人名"),
        "from_on": Meaning("合同起始", "合同期的第一天"),
        "to_on": Meaning("合同截止", "合同期的最后一天"),
        "return_kind": Meaning("收益方式", "fixed 固定金额、percent 按基数比例、profit 按利润比例、per_unit 按单位计"),
        "renews": Meaning("续签自", "由哪份合同续签而来,不是续签的为空"),
        "return_fen": Meaning("约定收益(元)", "固定金额为每年多少,按单位计为每单位多少"),
        "return_numerator": Meaning("收益比例分子", "比例的分子,与分母合为精确分数"),
        "return_denominator": Meaning("收益比例分母", "比例的分母"),
        "base_fen": Meaning("收益基数(元)", "按基数比例的,每年以多少为基数"),
        "deposit_fen": Meaning("押金(元)", "约定的押金"),
        "base": Meaning("计算基础", "收益按什么计算,文字:每亩、每吨 等"),
        "guarantee": Meaning("担保", "约定的担保,文字"),
        "procurement": Meaning("取得方式", "经营者如何取得合同,文字"),
        "clauses": Meaning("已约定条款", "合同约定了哪些条款的代码,以空格分开:risk 风险承担、exit 退出 等"),
    },
    "fact_income": {
        "amount_fen": Meaning("金额(元)", "这一笔的金额,可为负数(冲减)"),
        "measure": Meaning(
            "款项性质",
            "received 合同收款、income 收益、cost 成本、base 可分配额、"
            "planned 方案分配、undistributed 未分配、paid 发放",
        ),
        "asset": Meaning("资产编号", "收益出自哪项资产,方案和发放的为空"),
        "period": Meaning("收益期间", "收益所属的期间,如 2023 或 2023-H1"),
        "contract": Meaning("合同编号", "按哪份经营合同收取,没有的为空"),
        "what": Meaning("款项", "收款为款项代码(rent 租金或收益 等),成本为成本类别,其余为空"),
        "plan": Meaning("方案编号", "属于哪个分配方案,没有的为空"),
        "payee": Meaning("受益方", "分配或发放给谁的编号,没有的为空"),
        "rule_version": Meaning("分配办法版本", "方案按哪一版分配办法作出,没有的为空"),
        "voucher": Meaning("凭证号", "收付款凭证的号码"),
    },
    "fact_notice": {
        **_OF_THINGS,
        "notice": Meaning("公示编号", "公示的编号"),
        "template": Meaning("公示种类", "allocation 资金分配结果、plan 年度项目计划、completion 完工、asset 资产 等"),
        "channel": Meaning("公示渠道", "website 政府网站、village_board 村公示栏 等"),
        "from_on": Meaning("公示起始", "公示的第一天"),
        "to_on": Meaning("公示截止", "公示的最后一天(含),长期公开的为空"),
        "content_hash": Meaning("内容指纹", "公示内容的 SHA-256,没有登记的为空"),
        "cut_from": Meaning("取自账本位置", "公示内容取自账本第几号时的情况"),
    },
    "fact_finding": {
        "finding": Meaning("问题编号", "整改问题的编号"),
        "step": Meaning("步骤", "opened 立项、progressed 整改进展、submitted 申请销号、closed 销号、reopened 重新整改"),
        "source": Meaning("问题来源层级", "哪一级发现:central 中央、provincial 省级、city 市级、county 县级"),
        "kind": Meaning(
            "问题来源",
            "assessment 考核评估、inspection 巡视巡察、audit 审计、supervision 督查暗访、self 自查",
        ),
        "unit": Meaning("责任单位", "负责整改的单位"),
        "deadline": Meaning("整改期限", "最迟哪一天整改到位,延期后为新的期限"),
        "note": Meaning("情况说明", "立项时为问题内容,以后各步为整改情况"),
        "evidence": Meaning("佐证散列", "佐证文件的 SHA-256,没有的为空"),
        "by": Meaning("办理单位", "申请或批准销号的单位、岗位"),
    },
    "fact_arrear": {
        "amount_fen": Meaning("金额(元)", "新增拖欠或清偿的金额"),
        "measure": Meaning("增减", "recorded 新增拖欠、settled 清偿"),
        "arrear": Meaning("拖欠编号", "拖欠的编号"),
        "creditor_kind": Meaning("债权人类别", "enterprise 企业、workers 农民工"),
        "debtor": Meaning("欠款单位", "欠款的单位,清偿的行为空"),
        "due_on": Meaning("应付日期", "这笔款项应当在哪一天付清,没有约定的为空"),
    },
    "fact_document": {
        "number": Meaning("文号", "文件的文号,一个文号只对应一份文件"),
        "issuer": Meaning("发文单位", "发文的单位"),
        "dated": Meaning("发文日期", "文件上的日期"),
        "kind": Meaning("文件种类", "indicator 资金指标文件、plan 项目计划文件、approval 批复 等"),
        "title": Meaning("文件标题", "文件的标题"),
        "file_hash": Meaning("文件散列", "扫描件的 SHA-256,没有登记的为空"),
    },
}


def meaning(table: str, column: str) -> Meaning:
    """Return what a column of a table is called and says. Raises KeyError: a view shows what nobody has described."""
    return _OWN[table].get(column) or _EVERYWHERE[column]


def column_label(table: str, column: str) -> str:
    """Return the head of a column: its Chinese name, and the field that programs know it by."""
    return f"{meaning(table, column).label}[{column}]"
