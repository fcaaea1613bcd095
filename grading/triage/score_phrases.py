"""How the notes of score tables speak: of what is right, of what falls short, and of what excuses it."""

from __future__ import annotations

from numpy.random import Generator

from grading.synthesis.chance import chance, draw, whole

THINGS = (
    "管理制度",
    "实施方案",
    "验收资料",
    "资金台账",
    "合同",
    "会议纪要",
    "巡查记录",
    "考核办法",
    "绩效指标",
    "预算明细",
    "测算依据",
    "审批手续",
    "付款凭证",
    "培训记录",
    "影像资料",
    "核拨细则",
    "采购文件",
    "公示材料",
    "论证材料",
    "监理日志",
    "管护责任",
    "服务人员",
    "设备",
    "信息系统",
    "档案",
    "补助对象名单",
    "质控记录",
    "整改台账",
    "宣传计划",
    "长效机制",
)
SHORT = (
    "未制定{x}",
    "未建立{x}",
    "缺少{x}",
    "{x}缺失",
    "{x}不完整",
    "{x}不健全",
    "{x}不够完善",
    "{x}不规范",
    "{x}不够细化",
    "{x}未细化",
    "{x}未量化",
    "{x}未及时更新",
    "{x}未及时归档",
    "{x}归集不及时",
    "{x}滞后{n}天",
    "{x}存在缺漏",
    "{x}存在不足",
    "{x}配备不足",
    "{x}偏少",
    "{x}有待完善",
    "{x}有待加强",
    "{x}与实际不符",
    "{x}执行不到位",
    "{x}落实不到位",
    "未见{x}",
    "未提供{x}",
    "未附{x}",
    "{n}项{x}未完成",
    "{n}份{x}未签字",
    "{n}个子项缺少{x}",
    "{n}个项目未按期完工",
    "{n}份{x}记录不全",
    "抽查发现{n}份{x}不齐全",
    "个别{x}填写不全",
    "部分{x}缺漏",
    "部分{x}闲置",
    "未按计划时限完成，延误{n}天",
    "晚于计划时间{n}个月完成",
    "效果不明显",
    "未达到预期目标",
    "部分目标未实现",
    "尚未形成{x}",
    "{x}责任未落实到人",
    "{x}较为薄弱",
    "{x}问题较多，{n}项未闭环",
    "缺{x}",
    "未经专家论证",
    "未经{x}审核",
    "{n}个子项未论证",
    "{n}项未量化",
    "尚未制定{x}",
    "没有{x}",
    "{x}不齐",
    "{x}未签字确认",
    "{x}单价偏高",
    "{x}虚高",
    "{x}测算不准确",
    "{x}设置不合理",
    "{x}管理粗放",
    "{x}流于形式",
    "{x}更新慢",
    "{n}笔支出{x}未附",
    "{x}未按上年实际测算",
    "人员不足、信息未互通",
    "{x}缺位",
    "{x}遗漏{n}项",
    "{x}未公开",
    "逾期{n}天",
    "{x}利用率不高",
    "{x}使用率低",
)
RIGHT = (
    "{x}齐全",
    "{x}完整",
    "{x}健全",
    "{x}规范",
    "{x}完备",
    "{x}内容细化、量化",
    "已制定{x}并有效执行",
    "已建立{x}",
    "抽查{n}份{x}，未发现问题",
    "抽查{n}份{x}，未见异常",
    "抽查{n}份{x}，均符合要求",
    "{x}无缺失",
    "{x}不存在缺漏",
    "未发现{x}不完整的情形",
    "未出现{x}滞后",
    "未发生安全事故",
    "无违规支出",
    "未发现截留、挤占、挪用等情况",
    "不存在超标准支出",
    "按计划时限完成，无延误",
    "未超出预算标准",
    "提前{n}天完成",
    "全部验收合格",
    "达到预期目标",
    "效果明显",
    "有效减少了问题投诉",
    "有效解决了{x}不足的问题",
    "原有{x}不完善的问题已全部整改到位",
    "符合部门职责和相关政策",
    "与实际需求相适应",
    "未收到有效投诉",
    "{x}及时更新",
    "未超概算",
    "缺陷已消除",
    "不存在重复立项",
    "抽查{n}笔，手续齐全",
    "抽查凭证{n}份，未见异常",
    "检查中未发现缺少{x}",
    "无未完成事项",
    "未见不合规支出",
    "{x}按因素法分配",
    "符合国家和地方要求",
    "居民反映的问题得到缓解",
    "短缺状况明显改善",
    "差错率为0",
    "投诉较上年减少{n}件",
    "事故率下降",
    "能够保障{x}持续运行",
    "{x}经集体研究确定",
    "与年度任务相匹配",
)
EXCUSE = (
    "，系上级政策调整所致，不予扣分",
    "，经批准调整，不扣分",
    "，受疫情影响，视同完成",
    "，属不可抗力，不扣分",
    "，不影响目标实现，不予扣分",
    "，已在评价前整改到位，不扣分",
)
OPENING = ("", "", "", "经核查，", "经查阅资料，", "评价组现场核查，", "根据评分标准，", "据访谈，")
CLOSING = ("", "", "，得满分", "，符合要求，得满分", "，按标准得满分", "，不扣分")
TAKING = (
    "",
    "，扣{lost}分",
    "，扣{lost}分",
    "，按评分标准扣{lost}分",
    "，酌情扣分",
    "，得{score}分",
    "，该项扣减{lost}分",
)
NEUTRAL = ("", "", "—", "详见正文", "按评分标准评分", "综合评定", "见附件", "评价组打分")
ACTUAL_SHORT = ("基本{t}", "部分{t}", "不够{t}", "较{t}", "未达到{t}", "有待提升", "部分达成", "{fault}", "{fault}")
ACTUAL_RIGHT = ("{t}", "{t}", "{t}", "{t}", "已达成", "完成", "达到预期", "全部完成", "{praise}")


def _filled(rng: Generator, pattern: str) -> str:
    return pattern.format(x=draw(rng, THINGS), n=whole(rng, 1, 12))


def fault(rng: Generator) -> str:
    """What falls short, in a few words."""
    return _filled(rng, draw(rng, SHORT))


def praise(rng: Generator) -> str:
    """What is right, in a few words."""
    return _filled(rng, draw(rng, RIGHT))


def good_note(rng: Generator, own: str) -> str:
    """A note to full marks; `own` is what the report itself says."""
    if chance(rng, 0.3):
        return own
    if chance(rng, 0.06):
        return draw(rng, OPENING) + fault(rng) + draw(rng, EXCUSE)
    told = [praise(rng) for _ in range(whole(rng, 1, 3))]
    return draw(rng, OPENING) + draw(rng, ("，", "；", "、")).join(told) + draw(rng, CLOSING)


def bad_note(rng: Generator, own: str, lost: str, score: str) -> str:
    """A note to a deduction."""
    if chance(rng, 0.25):
        return own
    told = draw(rng, OPENING)
    if chance(rng, 0.3):
        told += praise(rng) + draw(rng, ("，但", "；", "，但是", "。"))
    told += fault(rng) + ("、" + fault(rng) if chance(rng, 0.25) else "")
    return told + draw(rng, TAKING).format(lost=lost, score=score)
