"""Invented organisations and people of the demonstration district."""

from __future__ import annotations

from dataclasses import dataclass

from core.identity.roles import OrganisationKind, Role

K, R = OrganisationKind, Role


@dataclass(frozen=True)
class OrganisationSeed:
    """An organisation: key, kind, names, credit code."""

    key: str
    kind: OrganisationKind
    name: str
    name_en: str
    uscc: str | None = None


@dataclass(frozen=True)
class PersonSeed:
    """A person: key (also the e-mail's local part), names, organisation's key and roles held there."""

    key: str
    name: str
    name_en: str
    organisation: str
    roles: tuple[Role, ...]
    note: str
    """What the one-click sign-in says of them."""


UNITS = (
    OrganisationSeed("education", K.BUDGET_UNIT, "澄湖区教育局", "Chenghu Education Bureau"),
    OrganisationSeed("civil", K.BUDGET_UNIT, "澄湖区民政局", "Chenghu Civil Affairs Bureau"),
    OrganisationSeed("labour", K.BUDGET_UNIT, "澄湖区人力资源和社会保障局", "Chenghu Human Resources Bureau"),
    OrganisationSeed("health", K.BUDGET_UNIT, "澄湖区卫生健康委员会", "Chenghu Health Commission"),
    OrganisationSeed("farming", K.BUDGET_UNIT, "澄湖区农业农村委员会", "Chenghu Agriculture Commission"),
    OrganisationSeed("police", K.BUDGET_UNIT, "澄湖区公安分局", "Chenghu Public Security Branch"),
    OrganisationSeed("emergency", K.BUDGET_UNIT, "澄湖区应急管理局", "Chenghu Emergency Management Bureau"),
    OrganisationSeed("market", K.BUDGET_UNIT, "澄湖区市场监督管理局", "Chenghu Market Supervision Bureau"),
)

ORGANISATIONS = (
    OrganisationSeed("bureau", K.BUREAU, "澄湖区财政局", "Chenghu District Finance Bureau"),
    *UNITS,
    OrganisationSeed("agent", K.PROCUREMENT_AGENT, "上海澄源采购代理有限公司", "Chengyuan Procurement Agents"),
    OrganisationSeed("audit", K.SUPERVISION, "澄湖区审计局", "Chenghu Audit Bureau"),
    OrganisationSeed("discipline", K.SUPERVISION, "澄湖区纪委监委", "Chenghu Discipline Commission"),
    OrganisationSeed("congress", K.CONGRESS, "澄湖区人大财经委员会", "Finance Committee of the People's Congress"),
    OrganisationSeed("cppcc", K.CONGRESS, "澄湖区政协经济委员会", "Economic Committee of the CPPCC"),
    OrganisationSeed("experts", K.EXPERTS, "澄湖区绩效管理专家库", "Chenghu Pool of Experts"),
)

PEOPLE = (
    PersonSeed("zhou.mingyuan", "周明远", "Zhou Mingyuan", "bureau", (R.PROCUREMENT_OFFICER,), "采购经办人"),
    PersonSeed("he.yating", "何雅婷", "He Yating", "bureau", (R.PROCUREMENT_OFFICER,), "采购经办人（第二位）"),
    PersonSeed("lin.guoqiang", "林国强", "Lin Guoqiang", "bureau", (R.PROCUREMENT_APPROVER,), "采购审批人"),
    PersonSeed("fan.siyuan", "范思远", "Fan Siyuan", "bureau", (R.PROCUREMENT_APPROVER,), "采购审批人（二级）"),
    PersonSeed("xu.wenjing", "徐文静", "Xu Wenjing", "bureau", (R.QUALITY_OFFICER,), "质量管理人员"),
    PersonSeed("gao.peng", "高鹏", "Gao Peng", "bureau", (R.QUALITY_OFFICER,), "质量管理人员（第二位）"),
    PersonSeed("tao.jianhua", "陶建华", "Tao Jianhua", "bureau", (R.KEYHOLDER,), "开标密钥持有人一"),
    PersonSeed("shen.lihua", "沈丽华", "Shen Lihua", "bureau", (R.KEYHOLDER,), "开标密钥持有人二"),
    PersonSeed("qian.zhiwei", "钱志伟", "Qian Zhiwei", "bureau", (R.KEYHOLDER,), "开标密钥持有人三"),
    PersonSeed("pan.xiaoming", "潘晓明", "Pan Xiaoming", "bureau", (R.PROCUREMENT_SUPERVISOR,), "采购监管人员"),
    PersonSeed("admin", "系统管理员", "Administrator", "bureau", (R.ADMINISTRATOR,), "系统管理员"),
    PersonSeed("jiang.ruolan", "蒋若兰", "Jiang Ruolan", "agent", (R.AGENT_OFFICER,), "采购代理机构经办人"),
    PersonSeed("fang.min", "方敏", "Fang Min", "education", (R.UNIT_OFFICER,), "项目单位（教育局）"),
    PersonSeed("cao.jun", "曹军", "Cao Jun", "civil", (R.UNIT_OFFICER,), "项目单位（民政局）"),
    PersonSeed("peng.lei", "彭蕾", "Peng Lei", "labour", (R.UNIT_OFFICER,), "项目单位（人社局）"),
    PersonSeed("deng.hui", "邓慧", "Deng Hui", "health", (R.UNIT_OFFICER,), "项目单位（卫健委）"),
    PersonSeed("lu.haitao", "陆海涛", "Lu Haitao", "farming", (R.UNIT_OFFICER,), "项目单位（农业农村委）"),
    PersonSeed("shi.lei", "石磊", "Shi Lei", "police", (R.UNIT_OFFICER,), "项目单位（公安分局）"),
    PersonSeed("yao.qin", "姚琴", "Yao Qin", "emergency", (R.UNIT_OFFICER,), "项目单位（应急局）"),
    PersonSeed("ren.jie", "任杰", "Ren Jie", "market", (R.UNIT_OFFICER,), "项目单位（市场监管局）"),
    PersonSeed("wei.shan", "魏珊", "Wei Shan", "audit", (R.OBSERVER,), "审计局代表"),
    PersonSeed("dai.feng", "戴峰", "Dai Feng", "discipline", (R.OBSERVER,), "纪委监委代表"),
    PersonSeed("gu.xiuzhen", "顾秀珍", "Gu Xiuzhen", "congress", (R.OBSERVER,), "人大代表"),
    PersonSeed("mo.shaofeng", "莫少锋", "Mo Shaofeng", "cppcc", (R.OBSERVER,), "政协委员"),
)
