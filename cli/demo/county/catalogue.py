"""The kinds of projects that the made-up year has, with what they build and who usually owns it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["FEE", "KINDS", "Kind"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of project: its type in the rule pack, how it is called, and the asset it leaves (if any).

    ``money`` is the key of the only source that may pay for it, or empty where any general one may. ``weight`` is how
    often it occurs.
    """

    type: str
    name: str
    weight: int
    industry: bool = False
    asset: str = ""
    asset_class: Literal["operating", "public", "household"] = "operating"
    money: str = ""


FEE: Final = Kind("management_fee", "项目管理费", 0)

KINDS: Final = (
    Kind("crop_base", "高山冷凉蔬菜种植基地", 12, industry=True, asset="温室大棚及水肥设施"),
    Kind("crop_base", "猕猴桃标准化种植基地", 8, industry=True, asset="棚架及灌溉设施"),
    Kind("breeding_base", "肉牛养殖基地", 8, industry=True, asset="标准化圈舍及附属设施"),
    Kind("forest_grass_base", "刺梨提质增效基地", 6, industry=True, asset="管护房及作业便道"),
    Kind("cold_chain", "农产品保鲜冷库", 6, industry=True, asset="冷库及制冷设备"),
    Kind("processing", "茶叶加工厂", 5, industry=True, asset="加工厂房及生产线"),
    Kind("rural_tourism", "乡村旅游配套设施", 4, industry=True, asset="游客接待中心"),
    Kind("industry_road", "产业路", 8, industry=True, asset="产业路", asset_class="public"),
    Kind("irrigation", "小型农田水利", 5, industry=True, asset="山塘及灌溉渠道", asset_class="public"),
    Kind("collective_economy", "村集体经济发展", 8, industry=True, asset="标准化厂房"),
    Kind("loan_interest", "脱贫人口小额信贷贴息", 4, industry=True),
    Kind("branding", "特色农产品品牌打造", 2, industry=True),
    Kind("workshop", "就业帮扶车间", 4, asset="帮扶车间"),
    Kind("training", "脱贫劳动力技能培训", 4),
    Kind("public_post", "公益性岗位", 4),
    Kind("village_road", "通组路硬化", 12, asset="通组硬化路", asset_class="public"),
    Kind("water_supply", "农村饮水安全巩固提升", 9, asset="蓄水池及供水管网", asset_class="public"),
    Kind("power_network", "村庄太阳能照明", 4, asset="太阳能路灯", asset_class="public"),
    Kind("sewage_waste", "农村生活污水治理", 6, asset="污水处理设施", asset_class="public"),
    Kind("toilet", "户厕改造", 4, asset="卫生户厕", asset_class="household"),
    Kind("village_appearance", "和美乡村环境整治", 5, asset="村庄公共设施", asset_class="public"),
    Kind("relocation_service", "易地搬迁安置区综合服务", 3, asset="社区综合服务用房", asset_class="public"),
    Kind("education_support", "雨露计划", 3),
    Kind("rural_governance", "乡村治理积分制", 2),
    Kind("work_relief", "以工代赈基础设施", 7, asset="以工代赈道路", asset_class="public", money="C3"),
    Kind("ethnic_village", "少数民族特色村寨", 6, asset="村寨公共设施", asset_class="public", money="C4"),
    Kind("state_farm", "国有农场生产设施", 1, asset="农场生产用房", asset_class="public", money="C5"),
)
