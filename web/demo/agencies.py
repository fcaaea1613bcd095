"""Invented third-party agencies of the demonstration district."""

from __future__ import annotations

from dataclasses import dataclass

from agencies.states import AgencyKind
from projects.states import Sector

K, S = AgencyKind, Sector


@dataclass(frozen=True)
class AgencySeed:
    """An agency of the library: names, kind, sectors, head, lead evaluators, staff, year founded."""

    name: str
    name_en: str
    kind: AgencyKind
    sectors: tuple[Sector, ...]
    head: str
    leads: tuple[str, ...]
    staff: int
    founded: int


AGENCIES = (
    AgencySeed(
        "上海衡信绩效评价咨询有限公司",
        "Hengxin Performance Consulting",
        K.CONSULTING,
        (S.EDUCATION, S.SOCIAL_SECURITY),
        "陈思远",
        ("陈思远", "吴佳宁"),
        46,
        2010,
    ),
    AgencySeed(
        "上海明睿财经咨询有限公司",
        "Mingrui Finance Consulting",
        K.CONSULTING,
        (S.EMPLOYMENT, S.EDUCATION),
        "唐静怡",
        ("唐静怡", "罗志远"),
        38,
        2012,
    ),
    AgencySeed(
        "上海正道会计师事务所（普通合伙）",
        "Zhengdao Certified Public Accountants",
        K.ACCOUNTING,
        (S.PUBLIC_SAFETY, S.FARMERS),
        "冯德明",
        ("冯德明", "汪雪梅"),
        72,
        2005,
    ),
    AgencySeed(
        "上海沪达资产评估有限公司",
        "Huda Appraisal",
        K.APPRAISAL,
        (S.FARMERS, S.PUBLIC_SAFETY),
        "秦海波",
        ("秦海波",),
        33,
        2008,
    ),
    AgencySeed(
        "上海申评公共政策研究院",
        "Shenping Institute of Public Policy",
        K.RESEARCH,
        (S.SOCIAL_SECURITY, S.EMPLOYMENT),
        "苏若琳",
        ("苏若琳", "范一鸣"),
        28,
        2014,
    ),
    AgencySeed(
        "上海嘉诚会计师事务所（特殊普通合伙）",
        "Jiacheng Certified Public Accountants",
        K.ACCOUNTING,
        (S.SOCIAL_SECURITY, S.EDUCATION),
        "贺建国",
        ("贺建国", "梁玉婷"),
        120,
        2001,
    ),
    AgencySeed(
        "上海浦和管理咨询有限公司",
        "Puhe Management Consulting",
        K.CONSULTING,
        (S.EMPLOYMENT, S.PUBLIC_SAFETY),
        "夏雨桐",
        ("夏雨桐",),
        22,
        2016,
    ),
    AgencySeed(
        "上海东方瑞成绩效管理咨询有限公司",
        "Oriental Ruicheng Performance Management",
        K.CONSULTING,
        (S.EDUCATION, S.FARMERS),
        "孔令峰",
        ("孔令峰", "邱晨曦"),
        41,
        2011,
    ),
    AgencySeed("上海博闻律师事务所", "Bowen Law Firm", K.LAW, (S.PUBLIC_SAFETY,), "白若松", ("白若松",), 55, 2007),
    AgencySeed(
        "上海经纬财政研究中心",
        "Jingwei Centre for Fiscal Studies",
        K.RESEARCH,
        (S.FARMERS, S.SOCIAL_SECURITY),
        "丁慕白",
        ("丁慕白", "卢晓彤"),
        19,
        2013,
    ),
    AgencySeed(
        "上海财审联合会计师事务所",
        "Caishen United Accountants",
        K.ACCOUNTING,
        (S.EDUCATION, S.PUBLIC_SAFETY),
        "侯志刚",
        ("侯志刚",),
        64,
        2003,
    ),
    AgencySeed(
        "上海立德工程咨询有限公司",
        "Lide Engineering Consulting",
        K.CONSULTING,
        (S.PUBLIC_SAFETY, S.FARMERS),
        "雷鸣",
        ("雷鸣", "万芳"),
        51,
        2009,
    ),
    AgencySeed(
        "江南大学公共治理评价中心",
        "Jiangnan Centre for Governance Evaluation",
        K.UNIVERSITY,
        (S.EDUCATION, S.EMPLOYMENT),
        "欧阳修文",
        ("欧阳修文", "尹若曦"),
        16,
        2015,
    ),
    AgencySeed(
        "上海海川绩效评估有限公司",
        "Haichuan Performance Assessment",
        K.CONSULTING,
        (S.SOCIAL_SECURITY,),
        "段海川",
        ("段海川",),
        24,
        2017,
    ),
    AgencySeed(
        "上海众智社会治理评估中心",
        "Zhongzhi Social Governance Assessment",
        K.CONSULTING,
        (S.SOCIAL_SECURITY, S.PUBLIC_SAFETY),
        "黎晓雯",
        ("黎晓雯", "易天成"),
        27,
        2016,
    ),
    AgencySeed(
        "上海信立资产评估事务所", "Xinli Appraisers", K.APPRAISAL, (S.FARMERS,), "康立新", ("康立新",), 18, 2006
    ),
    AgencySeed(
        "上海锦程财务咨询有限公司",
        "Jincheng Financial Consulting",
        K.CONSULTING,
        (S.EMPLOYMENT,),
        "施锦程",
        ("施锦程",),
        21,
        2018,
    ),
    AgencySeed(
        "上海安澜应急管理咨询有限公司",
        "Anlan Emergency Consulting",
        K.CONSULTING,
        (S.PUBLIC_SAFETY,),
        "倪安澜",
        ("倪安澜",),
        30,
        2015,
    ),
    AgencySeed(
        "上海春申教育评估研究院",
        "Chunshen Institute of Educational Assessment",
        K.RESEARCH,
        (S.EDUCATION,),
        "阮春申",
        ("阮春申", "项亦凡"),
        35,
        2009,
    ),
    AgencySeed(
        "上海惠民公共服务评价有限公司",
        "Huimin Public Service Evaluation",
        K.CONSULTING,
        (S.SOCIAL_SECURITY, S.EMPLOYMENT),
        "柯惠民",
        ("柯惠民",),
        26,
        2014,
    ),
    AgencySeed(
        "上海汇智会计师事务所（普通合伙）",
        "Huizhi Certified Public Accountants",
        K.ACCOUNTING,
        (S.EMPLOYMENT, S.FARMERS),
        "毛汇智",
        ("毛汇智", "俞佩瑶"),
        48,
        2004,
    ),
    AgencySeed(
        "上海长风管理科学研究所",
        "Changfeng Institute of Management Science",
        K.RESEARCH,
        (S.EDUCATION, S.SOCIAL_SECURITY),
        "翁长风",
        ("翁长风",),
        20,
        2010,
    ),
    AgencySeed(
        "上海同舟社会服务评估中心",
        "Tongzhou Social Service Assessment",
        K.CONSULTING,
        (S.SOCIAL_SECURITY,),
        "乔同舟",
        ("乔同舟",),
        15,
        2019,
    ),
    AgencySeed(
        "上海启航政策与项目绩效综合评价技术服务（集团）股份有限公司澄湖分公司",
        "Qihang Policy Evaluation, Chenghu Branch",
        K.CONSULTING,
        (S.EMPLOYMENT, S.EDUCATION),
        "盛启航",
        ("盛启航", "滕若愚"),
        210,
        2002,
    ),
)
