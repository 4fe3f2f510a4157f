"""指导意见: the 85 clauses of the guideline, each with its exact words. Pure: the standard library only."""

from __future__ import annotations

from enum import StrEnum, unique
from typing import Self

DOCUMENT_NO = "昆政办发〔2019〕132号"
DOCUMENT_TITLE = "关于推进集团化办学工作的指导意见"

_CHAPTERS = {"1": "一", "2": "二", "3": "三", "4": "四", "5": "五", "6": "六"}
_PHASES = {"1": "第一阶段", "2": "第二阶段", "3": "第三阶段"}


class Kind(StrEnum):
    """What a clause asks for."""

    INVARIANT = "invariant"  # holds on every day
    DUTY = "duty"  # somebody has to do it
    PERMISSION = "permission"  # somebody may do it
    FUNDING = "funding"  # where money comes from and what for
    INCENTIVE = "incentive"  # what is given for good work
    PLAN = "plan"  # a dated step
    PRINCIPLE = "principle"  # a direction, shown and reported on


DUTY, FUNDING, INCENTIVE, INVARIANT = Kind.DUTY, Kind.FUNDING, Kind.INCENTIVE, Kind.INVARIANT
PERMISSION, PLAN, PRINCIPLE = Kind.PERMISSION, Kind.PLAN, Kind.PRINCIPLE


@unique
class Clause(StrEnum):
    """A clause of the guideline. It equals its id ("4.2.k"), so it goes into a column or JSON as it is.

    quote: the document's own words and punctuation; "…" and " / " stand for words left out.
    gloss: the same in English, for officials.
    """

    _value_: str
    kind: Kind
    quote: str
    gloss: str

    def __new__(cls, number: str, kind: Kind, quote: str, gloss: str) -> Self:
        clause = str.__new__(cls, number)
        clause._value_, clause.kind = number, kind
        clause.quote, clause.gloss = quote, gloss
        return clause

    @classmethod
    def of(cls, number: str) -> Clause:
        """The clause with this id; ValueError when the guideline has none."""
        for clause in cls:
            if clause.id == number:
                return clause
        raise ValueError(f"the guideline has no clause {number!r}")

    @property
    def id(self) -> str:
        return self.value

    @property
    def section(self) -> str:
        """Where in the document it stands: "文头", "一", "四、2", "五、第一阶段"."""
        chapter, *paragraph = self.value.split(".")[:-1]
        if chapter == "0":
            return "文头"
        place = (_PHASES[n] if chapter == "5" else n for n in paragraph)
        return "、".join((_CHAPTERS[chapter], *place))

    def cite(self) -> str:
        """The citation as officials write it: "昆政办发〔2019〕132号 四、2"."""
        return f"{DOCUMENT_NO} {self.section}"

    # A table, kept compact by hand: id, kind and words, then the gloss.
    # fmt: off
    # 文头
    C0_A = ("0.a", DUTY,
            ("昆山开发区、昆山高新区、花桥经济开发区、旅游度假区管委会,各镇人民政府,各城市管理办事处,"
             "市各委办局,各直属单位"),
            "To the zone committees, town governments, city-management offices, bureaus and direct units.")
    C0_B = ("0.b", PRINCIPLE, "中发〔2018〕4号 / 苏政发〔2017〕1号 / 昆委〔2018〕35号",
            "It rests on three superior documents: of the Centre, of Jiangsu Province, of Kunshan.")

    # 一、指导思想
    C1_A = ("1.a", PRINCIPLE, "办人民满意的教育…实现美好教育…“优质、均衡、公平、开放、全纳”",
            "Provide education that satisfies the people: good, balanced, fair, open and inclusive.")
    C1_B = ("1.b", PRINCIPLE, "“系统设计、试点先行、量质并举”",
            "Design the whole as one system, begin with pilots, give quality the same weight as quantity.")
    C1_C = ("1.c", DUTY, "通过理念、资源、方法、成果、品牌的共享",
            "Ideas, resources, methods, results and brand are shared.")
    C1_D = ("1.d", PRINCIPLE, "促进集团校各成员学校办学质量和办学水平整体提升",
            "Every member school improves as a whole, not the lead school alone.")

    # 二、总体目标
    C2_A = ("2.a", PRINCIPLE, "以科学整合和扩大优质教育资源为重点",
            "The weight lies on combining and enlarging good educational resources sensibly.")
    C2_B = ("2.b", DUTY, "充分发挥集团内品牌学校…影响、辐射、示范作用",
            "The group's well-known school makes its influence, reach and example felt.")
    C2_C = ("2.c", INVARIANT, "保持和发挥集团内不同校区的个性化、特色化成长",
            "Each campus keeps and develops a character of its own.")
    C2_D = ("2.d", PRINCIPLE, "促进全市教育资源优质均衡发展",
            "Educational resources become good and balanced throughout the city.")

    # 三、基本原则
    C3_1_A = ("3.1.a", DUTY, "加强集团化办学的整体设计和设点布局,实施不同类型的集团化办学模式",
              "Places and overall design are planned, and different group models are used.")
    C3_1_B = ("3.1.b", DUTY, "明确发展目标,落实改革举措,推动实践创新",
              "Goals are set, reform measures carried out, new practice encouraged.")
    C3_1_C = ("3.1.c", PLAN, "遴选有条件的学校先行试点,取得成功经验后向全市推广",
              "Schools that meet the conditions go first; what succeeds is extended to the whole city.")
    C3_2_A = ("3.2.a", INVARIANT, "充分发挥牵头学校的示范带动作用",
              "The lead school shows the way and takes the others along.")
    C3_2_B = ("3.2.b", DUTY, "骨干教师柔性流动",
              "Backbone teachers move flexibly between the schools.")
    C3_2_C = ("3.2.c", DUTY, "先进办学理念辐射…教育教学资源共享、设施设备场地共用、学校办学文化生成",
              "Ideas spread, resources are shared, facilities used in common, a school culture grows.")
    C3_3_A = ("3.3.a", INVARIANT, "尊重学校…价值认同,充分保障学校主体地位",
              "Each school's values are respected, its standing as a body in its own right protected.")
    C3_3_B = ("3.3.b", PRINCIPLE, "逐步形成各自的办学优势和特色",
              "Each school gradually forms its own strengths and features.")

    # 四、运行机制：1 人事管理
    C4_1_A = ("4.1.a", INVARIANT, "集团设总校长1名",
              "A group has one group president.")
    C4_1_B = ("4.1.b", INVARIANT, "由聘任或竞聘产生",
              "The group president is chosen by appointment or by competitive selection.")
    C4_1_C = ("4.1.c", INVARIANT, "成立集团党委或总支部",
              "A party committee or general branch of the group is set up.")
    C4_1_D = ("4.1.d", INVARIANT, "总校长兼任书记",
              "The group president is also the party secretary.")
    C4_1_E = ("4.1.e", DUTY, "负责集团全面工作",
              "The group president is in charge of the group's work as a whole.")
    C4_1_F = ("4.1.f", INVARIANT, "设副书记1名",
              "There is one deputy party secretary.")
    C4_1_G = ("4.1.g", PERMISSION, "可由执行校长兼任",
              "An executive principal may also be the deputy party secretary.")
    C4_1_H = ("4.1.h", PERMISSION, "集团适当增加职数设置",
              "The group may moderately increase the number of its leadership posts.")
    C4_1_I = ("4.1.i", INVARIANT, "成立独立于成员学校的管理机构",
              "A management body independent of the member schools is set up.")
    C4_1_J = ("4.1.j", DUTY, "统筹管理成员学校的条线工作",
              "The management body coordinates the functional lines of the member schools.")
    C4_1_K = ("4.1.k", INVARIANT, "成员学校设执行校长1名",
              "A member school has one executive principal.")
    C4_1_L = ("4.1.l", INVARIANT, "(成员学校法人代表)",
              "The executive principal is the member school's legal representative.")
    C4_1_M = ("4.1.m", INVARIANT, "兼任党支部书记",
              "The executive principal is also secretary of the school's party branch.")
    C4_1_N = ("4.1.n", DUTY, "负责成员学校日常工作",
              "The executive principal is in charge of the member school's daily work.")
    C4_1_O = ("4.1.o", INVARIANT, "按规定职数,配备副校长和中层干部",
              "Vice principals and middle leaders are appointed within the prescribed number of posts.")
    C4_1_P = ("4.1.p", INVARIANT, "成员学校保留原校名",
              "A member school keeps its original name.")
    C4_1_Q = ("4.1.q", INVARIANT, "挂两块牌子",
              "A member school hangs two name plaques.")
    C4_1_R = ("4.1.r", INVARIANT, "原法人单位属性不变",
              "A member school's legal-person status does not change.")
    C4_1_S = ("4.1.s", INVARIANT, "原行政隶属关系不变",
              "A member school's administrative affiliation does not change.")
    C4_1_T = ("4.1.t", INVARIANT, "教职工编制、人事关系不变",
              "The staffing establishment and the personnel relations of teachers and staff do not change.")
    C4_1_U = ("4.1.u", DUTY,
              ("集团校制定统一的教师考勤、业务培训、教师流动、年度考核、评优晋级、绩效考核、"
               "福利发放等人事管理制度"),
              ("The group makes unified personnel rules on attendance, training, mobility, annual "
               "appraisal, merit and promotion, performance appraisal and benefits."))

    # 四、2 经费管理
    C4_2_A = ("4.2.a", INVARIANT, "各成员学校法人资格不变",
              "A member school's legal personality does not change.")
    C4_2_B = ("4.2.b", INVARIANT, "独立建帐、核算",
              "Each member school keeps separate books and accounts.")
    C4_2_C = ("4.2.c", DUTY, "集团校建立完善的账务、资产、采购、基建、维修等管理制度",
              "The group makes sound rules for accounts, assets, procurement, construction and repairs.")
    C4_2_D = ("4.2.d", PRINCIPLE, "合理配置教育教学资源",
              "Educational resources are allocated sensibly.")
    C4_2_E = ("4.2.e", FUNDING, "设置集团管理专项经费",
              "A special fund for group management is set up.")
    C4_2_F = ("4.2.f", FUNDING, "按集团内成员学校现行隶属关系",
              "The fund follows the current administrative affiliation of each member school.")
    C4_2_G = ("4.2.g", FUNDING, "由市、区(镇)两级财政予以保障",
              "City finance and district (town) finance each secure their part of the fund.")
    C4_2_H = ("4.2.h", FUNDING, "主要用于集团办公费、培训费、会议费、教科研活动费等",
              "The fund is mainly for office, training, meeting and teaching-and-research expenses.")
    C4_2_I = ("4.2.i", INCENTIVE, "总校长对轮岗教师、优秀管理者、优秀成员校的奖补",
              "The group president rewards rotated teachers, good managers and good member schools.")
    C4_2_J = ("4.2.j", INVARIANT, "在全市教育系统地方绩效奖中统筹考虑",
              "Awards come from the city education system's local performance bonus, not from the fund.")
    C4_2_K = ("4.2.k", DUTY, "制定《集团管理专项经费使用办法》",
              "Measures for the Use of the Group-Management Special Fund are drawn up.")
    C4_2_L = ("4.2.l", INVARIANT, "科学设定总校长及执行校长的资金使用审批权限",
              "Approval limits for the group president and executive principals are set on sound grounds.")

    # 四、3 业务管理
    C4_3_A = ("4.3.a", DUTY, "集团校整体工作统一推进",
              "The group's work advances as one.")
    C4_3_B = ("4.3.b", DUTY, "教育教学计划统一实施",
              "The teaching plan is carried out as one.")
    C4_3_C = ("4.3.c", DUTY, "教师发展研修统一联动",
              "Teachers' development and training are linked.")
    C4_3_D = ("4.3.d", DUTY, "学生培养目标统一落实",
              "The goals for students' development are pursued as one.")
    C4_3_E = ("4.3.e", DUTY, "教育教学资源统一共享",
              "Teaching resources are shared as one.")
    C4_3_F = ("4.3.f", PRINCIPLE, "让更多的学生真正享受到集团校优质均衡发展的成果",
              "More students truly benefit from the group's good and balanced development.")
    C4_3_G = ("4.3.g", PERMISSION, "集团…可调整集团及各成员学校的机构设置,以便于集团统一管理",
              "The group may adjust its own and its member schools' organisation, to be managed as one.")
    C4_3_H = ("4.3.h", INVARIANT, "以集团为单位参加…中小学教育综合考评",
              "The group, not the school, is the unit in the city's comprehensive education evaluation.")

    # 四、4 招生管理
    C4_4_A = ("4.4.a", INVARIANT, "集团成员校单独设定施教区",
              "Each member school has a catchment area of its own.")
    C4_4_B = ("4.4.b", DUTY, "总校长对招生工作负总责",
              "The group president answers for enrollment as a whole.")
    C4_4_C = ("4.4.c", DUTY, "执行校长负责本校区招生工作的组织实施",
              "The executive principal organises and carries out enrollment on the own campus.")

    # 五、工作步骤
    C5_1_A = ("5.1.a", PLAN, "第一阶段:调查准备阶段(2018年10月—2019年4月)",
              "Phase one, survey and preparation: October 2018 to April 2019.")
    C5_1_B = ("5.1.b", PLAN, "由市教育领导小组办公室牵头,调查、制定集团化办学实施意见",
              "The leading group's office leads the survey and the drafting of the opinions.")
    C5_1_C = ("5.1.c", DUTY, "领导小组成员定期召开会议,研究做好集团组建的准备工作",
              "Members of the leading group meet regularly to prepare the forming of groups.")
    C5_2_A = ("5.2.a", PLAN, "第二阶段:宣传发动阶段(2019年5月—2019年6月)",
              "Phase two, publicity and mobilisation: May to June 2019.")
    C5_2_B = ("5.2.b", DUTY, "相关学校要统一思想…加大宣传力度",
              "The schools concerned come to one mind and step up publicity.")
    C5_2_C = ("5.2.c", DUTY, "加强与相关部门、社区、家长的联系,做好沟通协调工作",
              "Departments, communities and parents are kept in touch with and listened to.")
    C5_3_A = ("5.3.a", PLAN, "第三阶段:具体实施阶段(2019年7月—2019年8月)",
              "Phase three, implementation: July to August 2019.")
    C5_3_B = ("5.3.b", PLAN, "做好集团校及成员学校领导班子、中层干部、教职工调配",
              "Leadership teams, middle leaders and staff of the group and its member schools are assigned.")
    C5_3_C = ("5.3.c", PLAN, "做好学生开学各项准备工作",
              "The opening of term is prepared.")

    # 六、保障措施
    C6_1_A = ("6.1.a", INVARIANT, "在市教育领导小组之下设立推进集团化办学专项工作组",
              "A working group on education groups is set up under the city's leading group on education.")
    C6_1_B = ("6.1.b", INVARIANT, "组长由分管副市长担任",
              "The vice mayor in charge heads the working group.")
    C6_1_C = ("6.1.c", INVARIANT, "市府办分管领导和市教育局主要领导担任副组长",
              "The city-office leader in charge and the head of the education bureau are its deputy heads.")
    C6_1_D = ("6.1.d", INVARIANT, "市教育领导小组成员单位分管领导担任组员",
              "The leaders in charge from the leading group's member units are its members.")
    C6_1_E = ("6.1.e", DUTY, "统一负责全市集团化办学工作的领导、规划、协调、组织和实施",
              "The working group leads, plans, coordinates and carries out the work throughout the city.")
    C6_2_A = ("6.2.a", DUTY, "指导集团建章立制",
              "The bureau and its sections guide the groups in making their rules.")
    C6_2_B = ("6.2.b", DUTY, "引导集团科学、合理安排教育教学各项工作",
              "The bureau guides the groups in arranging teaching and all other work soundly and sensibly.")
    C6_2_C = ("6.2.c", DUTY, "总结提炼适合集团良性发展的政策措施、制度优势",
              "Measures and institutions that help groups grow well are gathered and distilled.")
    C6_3_A = ("6.3.a", INVARIANT, "市教育局选优配强集团总校长",
              "The education bureau selects able group presidents.")
    C6_3_B = ("6.3.b", DUTY, "给予总校长充分的管理权限",
              "Group presidents are given full powers of management.")
    C6_3_C = ("6.3.c", INCENTIVE, "适当提高总校长奖金职级系数",
              "The rank coefficient of a group president's bonus is raised moderately.")
    C6_3_D = ("6.3.d", INCENTIVE, "义务教育阶段集团校的总校长,奖励性绩效、地方绩效奖享受副科职待遇",
              "Presidents of compulsory-education groups get both bonuses at deputy-section-chief level.")
    C6_3_E = ("6.3.e", INCENTIVE, "如考核优秀、组织需要,总校长可适当延长任职年限",
              "If appraised Excellent and needed, a group president's tenure may be extended moderately.")
    C6_3_F = ("6.3.f", INCENTIVE, "完成任职聘期",
              "The extension serves to complete the term of appointment.")
    # fmt: on
