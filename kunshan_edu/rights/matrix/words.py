"""The words of the matrix in both languages: roles, how far a right reaches, what kind it is, what it stands on."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple, Self


class Words(NamedTuple):
    """One thing in Chinese and in English; the document shows both, a page the reader's."""

    zh: str
    en: str

    def in_(self, language: str) -> str:
        return self.en if language.startswith("en") else self.zh


class Worded(StrEnum):
    """A code with its words."""

    _value_: str
    words: Words

    def __new__(cls, code: str, zh: str, en: str) -> Self:
        found = str.__new__(cls, code)
        found._value_, found.words = code, Words(zh, en)
        return found

    @classmethod
    def of(cls, code: str) -> Self:
        """The member of that code; ValueError when there is none."""
        for member in cls:
            if member.value == code:
                return member
        raise ValueError(f"no {cls.__name__.lower()} {code!r}")


class Reach(Worded):
    """范围: how far a right reaches from the post that gives it."""

    ALL = ("A", "全市", "the whole city")
    DISTRICT = ("D", "本区镇", "the own district")
    GROUP = ("G", "本集团", "the own group")
    SCHOOL = ("S", "本校", "the own school")
    RECORD = ("R", "本人", "the own record")


class Kind(Worded):
    """性质: what a cell lets its role do of the row's action."""

    FULL = ("", "办理", "does it")
    SECOND = ("2", "审定他人登记的", "confirms what another recorded")
    PROPOSE = ("p", "提出、起草", "proposes or drafts")
    CONSULT = ("c", "会商、备案、签收", "is consulted, or acknowledges")
    CONSENT = ("n", "先行同意", "consents first")
    REVIEW = ("r", "复核", "reviews")
    BOOKING = ("b", "入账确认", "confirms the booking")
    VIEW = ("v", "查看", "sees")
    TOTALS = ("t", "只看汇总", "sees totals only")
    MASKED = ("m", "只看脱敏", "sees it masked")


class Remark(Worded):
    """What narrows a cell further."""

    OWN_STEP = ("step", "限本环节", "at the own step")
    OWN_UNIT = ("unit", "限本部门", "of the own unit")
    OWN_LINE = ("line", "限本条线", "of the own line")
    OWN_LEVEL = ("level", "限本级财政", "of the own treasury")
    OFFICE = ("office", "限集团本级", "of the group's own")
    OWN_ACTIONS = ("own", "限本人办理的", "of the own actions")
    APPOINTMENTS = ("appointments", "限任免", "appointments only")
    PAYEE = ("payee", "限收款人", "payees only")
    SYSTEM = ("system", "限系统记录", "system records only")
    FINANCE = ("finance", "限财务制度", "on finance only")
    GRADE = ("grade", "提供考核等次", "gives the grade")
    ASSISTED = ("assisted", "代家长填报", "assisting a parent")
    YES_NO = ("yesno", "只知是否重复", "whether, not where")
    TO_DEPUTY = ("deputy", "委托副书记", "to the deputy secretary")
    VACANT = ("vacant", "限总校长空缺时", "while there is no president")
    MAKER = ("maker", "限本人提出的", "of what one proposed oneself")
    TO_VICE = ("vice", "委托副校长", "to a vice principal")


class Mark(Worded):
    """Where this house differs from the design of rights it began with."""

    NONE = ("", "", "")
    NOT_YET = ("~", "尚未授予", "not given yet")
    ADDED = ("+", "本系统增加", "added by this house")


class Basis(Worded):
    """依据: what settles a right that no clause settles."""

    MEASURES = ("measures", "使用办法", "left to the Measures")
    LAW = ("law", "法规", "other law and regulation")
    HOUSE = ("house", "本系统规定", "rule of this house")


class Beside(Worded):
    """What needs no row of the matrix, and why."""

    OPEN = ("open", "未登录也可打开", "open to strangers")
    OWN = ("own", "本人账号的事项", "of the own account")
    SIGNED_IN = (
        "signed_in",
        "登录即可，只显示本人可见的内容",
        "for whoever is signed in, showing what they may see",
    )
    MACHINE = ("machine", "由系统运行", "run by the machine, never through an address")


class Role(Worded):
    """角色: a column of the matrix. A post gives one; see `roles.ROLE_OF`."""

    ADM = ("ADM", "系统管理员", "system administrator")
    BL = ("BL", "局领导", "bureau leader")
    HR = ("HR", "人事科", "personnel section")
    FIN = ("FIN", "计财科", "finance section")
    BE = ("BE", "基教科", "basic education section")
    SUP = ("SUP", "督导室", "supervision office")
    VM = ("VM", "分管副市长", "vice mayor")
    DT = ("DT", "区镇经办", "district officer")
    AUD = ("AUD", "审计人员", "auditor")
    PRE = ("PRE", "总校长", "president")
    DSC = ("DSC", "副书记", "deputy secretary")
    GOF = ("GOF", "集团办公室", "group office")
    GFI = ("GFI", "集团财务", "group finance")
    EXE = ("EXE", "执行校长", "executive principal")
    VPR = ("VPR", "副校长", "vice principal")
    MID = ("MID", "中层干部", "department head")
    ACC = ("ACC", "学校会计、出纳", "school accountant, cashier")
    ENR = ("ENR", "招生专干", "enrollment clerk")
    TCH = ("TCH", "教师", "teacher")
    PUB = ("PUB", "家长、公众", "parent, public")
