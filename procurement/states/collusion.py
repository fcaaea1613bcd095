"""Signs of collusion, how much each weighs, and what the committee made of it (R-COLL-01, R-COLL-02)."""

from __future__ import annotations

from core.i18n import _l
from core.states import State, Titled


class Sign(Titled):
    """What two or more bids have in common; a sign is shown to the committee and rejects nothing by itself."""

    AUTHOR = "author", _l("文件属性中的作者或者最后修改人相同")
    SERIAL = "serial", _l("制作软件序列号、源文件标识或者设备序号相同")
    SUBMITTER = "submitter", _l("由同一账号递交")
    DEVICE = "device", _l("由同一台设备递交")
    ADDRESS = "address", _l("从同一网络地址递交")
    PERSON = "person", _l("项目人员或者联系人员相同")
    CONTACT = "contact", _l("电话、电子邮箱或者证件号码相同")
    TEXT = "text", _l("文字异常一致")
    ITEMS = "items", _l("分项报价成比例或者雷同")
    PRICES = "prices", _l("投标报价呈规律性差异")
    FILE = "file", _l("收有相同的文件或者图片")
    MIXED = "mixed", _l("投标文件中出现其他投标人的名称或者代码")
    PAYER = "payer", _l("保证金的付款账户或者凭证号相同")

    @property
    def form(self) -> SignForm:
        """The form of article 37 under which the committee looks at it."""
        return _FORMS[self]

    @property
    def rule_id(self) -> str:
        """The bureau's rule that says from where it is shown; "" for plain equality, which has no measure."""
        return {"text": "R-COLL.text", "items": "R-COLL.price", "prices": "R-COLL.price"}.get(self.value, "")


class SignForm(Titled):
    """The six forms of 87号令 art. 37 in which bids are taken as rigged (R-COLL-01)."""

    WRITTEN = "1", _l("（一）由同一单位或者个人编制")
    HANDLED = "2", _l("（二）委托同一单位或者个人办理投标事宜")
    PEOPLE = "3", _l("（三）项目管理成员或者联系人员为同一人")
    ALIKE = "4", _l("（四）投标文件异常一致或者投标报价呈规律性差异")
    MIXED = "5", _l("（五）投标文件相互混装")
    PAID = "6", _l("（六）投标保证金从同一单位或者个人的账户转出")


_FORMS = {
    Sign.AUTHOR: SignForm.WRITTEN,
    Sign.SERIAL: SignForm.WRITTEN,
    Sign.SUBMITTER: SignForm.HANDLED,
    Sign.DEVICE: SignForm.HANDLED,
    Sign.ADDRESS: SignForm.HANDLED,
    Sign.PERSON: SignForm.PEOPLE,
    Sign.CONTACT: SignForm.PEOPLE,
    Sign.TEXT: SignForm.ALIKE,
    Sign.ITEMS: SignForm.ALIKE,
    Sign.PRICES: SignForm.ALIKE,
    Sign.FILE: SignForm.MIXED,
    Sign.MIXED: SignForm.MIXED,
    Sign.PAYER: SignForm.PAID,
}


class SignWeight(State):
    """How much a sign says by itself."""

    HIGH = "high", _l("重点"), "bad"
    MEDIUM = "medium", _l("一般"), "waiting"
    LOW = "low", _l("轻微"), "neutral"


class SignVerdict(State):
    """What the committee found about a sign."""

    RIGGED = "rigged", _l("视为串通投标"), "bad"
    EXPLAINED = "explained", _l("不构成串通"), "good"


class SignExcuse(Titled):
    """Why a sign is no collusion (R-COLL-02); the committee adds its reason in words."""

    BROCHURE = "brochure", _l("对方是制造商，所收的是其产品彩页或者授权文件")
    BLANKS = "blanks", _l("使用采购文件提供的相同空白格式")
    PAST = "past", _l("业绩合同中的人员后来到另一家任职")
    GROUP = "group", _l("同一集团、协会依其内部规定使用统一制式，且无协同参加")
    PUBLIC = "public", _l("来自法律法规、标准或者公开资料")
    NETWORK = "network", _l("公用网络、公用设备或者打印装订服务")
    CHANCE = "chance", _l("偶然一致，另有证据排除")
