"""On which rights each verb of personnel stands, the likeliest first: by them the audit tells the capacity."""

from __future__ import annotations

from groups.choices import Authority
from kunshan_edu.core.access import Ground

# Of who holds several posts, that one is meant which the verb asks for. `personnel.delegate` says
# by itself by which post, and so does the taking back by the giver.
RECORDS = (Authority.MANAGE_APPOINTMENTS,)
CONFIRMS = (Authority.CONFIRM_APPOINTMENTS,)
SECOND = (Authority.CONFIRM_APPOINTMENTS, Authority.APPOINT_DEPARTMENT_HEADS)
NOMINATES = (Authority.NOMINATE_IN_SCHOOL, Authority.NOMINATE_IN_GROUP, Authority.NOMINATE_IN_DISTRICT)
STAFF = (Authority.MANAGE_STAFF,)
PEOPLE = (Authority.MANAGE_STAFF, Authority.MANAGE_APPOINTMENTS)
REVEALS = (Authority.REVEAL_SCHOOL_IDENTITIES, Authority.REVEAL_IDENTITIES)
ORGANISES = (Authority.MANAGE_GROUP_UNITS,)
HANGS = (Authority.EDIT_SCHOOL_PROFILE,)
QUOTAS = (Authority.SET_QUOTAS,)
PROPOSES = (Authority.PROPOSE_GROUP_ROTATION, Authority.PROPOSE_SCHOOL_ROTATION)
AGREES = (Authority.AGREE_ROTATION,)
APPROVES = (Authority.APPROVE_ROTATION,)
DECIDES = (*AGREES, *APPROVES, *STAFF)
APPRAISES = (Authority.APPRAISE_STAFF, Authority.APPRAISE_HEADS)
TRAINS = (Authority.RUN_TRAINING, Authority.KEEP_STAFF_RECORDS)
KEEPS = (Authority.KEEP_STAFF_RECORDS,)

_RIGHTS: dict[str, tuple[Authority, ...]] = {
    "register_person": PEOPLE,
    **dict.fromkeys(("register_staff", "change_record", "leave", "import_staff"), STAFF),
    "reveal": REVEALS,
    "nominate": (*NOMINATES, *RECORDS),
    **dict.fromkeys(
        (
            "appoint",
            "accept",
            "announce",
            "record_scores",
            "publish_notice",
            "register_dates",
            "extend",
            "reward",
        ),
        RECORDS,
    ),
    **dict.fromkeys(("end", "withdraw_end", "end_incentive", "import_appointments"), RECORDS),
    **dict.fromkeys(("confirm", "confirm_end"), SECOND),
    "cancel": (*RECORDS, *SECOND),
    **dict.fromkeys(
        ("confirm_extension", "refuse_extension", "confirm_incentive", "refuse_incentive"), CONFIRMS
    ),
    **dict.fromkeys(("confirm_deviation", "refuse_deviation"), CONFIRMS),
    **dict.fromkeys(
        ("deviate", "end_deviation", "record_party", "end_party", "set_rules", "end_rules"), RECORDS
    ),
    **dict.fromkeys(("record_unit", "end_unit"), ORGANISES),
    **dict.fromkeys(("hang_plaque", "take_down_plaque"), HANGS),
    **dict.fromkeys(("set_quota", "end_quota"), QUOTAS),
    **dict.fromkeys(("reassign", "revoke_delegation"), (Authority.REASSIGN_APPROVALS,)),
    **dict.fromkeys(
        ("propose_rotation", "renew_rotation", "withdraw_rotation", "import_rotations"), PROPOSES
    ),
    "approve_rotation": APPROVES,
    "file_rotation": STAFF,
    **dict.fromkeys(("refuse_rotation", "stop_rotation"), DECIDES),
    **dict.fromkeys(("appraise", "correct_grade"), APPRAISES),
    **dict.fromkeys(("hold_training", "record_training", "cancel_training"), TRAINS),
    **dict.fromkeys(("keep_attendance", "import_attendance", "record_merit", "revoke_merit"), KEEPS),
    "set_day": (Authority.KEEP_CALENDAR,),
}
GROUNDS = {
    **{f"personnel.{verb}": tuple(Ground(right) for right in rights) for verb, rights in _RIGHTS.items()},
    "personnel.agree_sending": (Ground(Authority.AGREE_ROTATION, of="from_school"),),
    "personnel.agree_receiving": (Ground(Authority.AGREE_ROTATION, of="to_school"),),
}
