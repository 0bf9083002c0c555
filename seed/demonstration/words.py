"""What the demonstration's offers and needs say, theme by theme. All of it is illustrative."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """`offer` and `need` are titles; the rest are the longer texts beside them."""

    offer: str
    we_do: str
    need: str
    change: str


WORDS: dict[str, Words] = {
    "contact-and-referral": Words(
        "A front door that families and partners trust",
        "Two experienced managers sit beside your front door for a week, look at decisions with "
        "your team, and help to agree thresholds that partners understand.",
        "Steadier decisions at our front door",
        "Children who need help are seen sooner, and fewer families are passed around.",
    ),
    "mash": Words(
        "Getting the most from a multi-agency hub",
        "We map how contacts move through your hub, run a shared audit with police and health, "
        "and coach the hub's managers while they change it.",
        "A hub in which every agency decides together",
        "Information is shared on the day, so children at risk are protected sooner.",
    ),
    "assessment": Words(
        "Assessments that children recognise themselves in",
        "Practice leaders work with your teams on real assessments, modelling direct work and "
        "analysis, and leave a small toolkit behind.",
        "Assessments that say what life is like for the child",
        "Children are heard in every assessment, and plans follow from it.",
    ),
    "early-help-offer": Words(
        "Early help that holds families before they reach crisis",
        "We share how our family hubs work, walk your partners through step-down decisions and "
        "help to measure what early help changes.",
        "A clearer early help offer with our partners",
        "Families get help at the first ask, close to home.",
    ),
    "child-protection-planning": Words(
        "Child protection plans that families can follow",
        "Conference chairs and team managers from our authority observe, reflect and coach, and "
        "help to rewrite plans with families in the room.",
        "Plans that families understand and act on",
        "Children are safer sooner, and fewer return to a second plan.",
    ),
    "neglect": Words(
        "Seeing and acting on neglect earlier",
        "We bring a shared tool for neglect, train mixed groups of partners, and audit cases "
        "together before and after.",
        "A shared way to see neglect early",
        "Neglect is named early and children do not live with it for years.",
    ),
    "contextual-safeguarding": Words(
        "Safety in places and groups, not only at home",
        "Our adolescent team helps yours to assess places and peer groups, and to plan with "
        "schools, transport and community safety.",
        "Keeping teenagers safe outside the home",
        "Young people are safer where they spend their time.",
    ),
    "edge-of-care": Words(
        "Helping teenagers to stay at home safely",
        "A hub of residential and outreach workers shows how one key worker stays with a young "
        "person, on site and by shadowing.",
        "More young people safely at home",
        "Fewer teenagers come into care in an emergency.",
    ),
    "placement-sufficiency": Words(
        "Enough of the right homes, close by",
        "Commissioners and finance leads help to forecast need, work with providers and open "
        "small homes that fit local children.",
        "The right home, near school and family",
        "Children move less often and live nearer to the people who matter to them.",
    ),
    "fostering": Words(
        "Recruiting and keeping foster carers",
        "We share a recruitment campaign, an out-of-hours support line and a carers' network, "
        "and help to make them yours.",
        "More foster carers, and carers who stay",
        "More children live in a family.",
    ),
    "permanence": Words(
        "Permanence without drift",
        "Managers and reviewing officers look at your tracking together, and coach panels until "
        "decisions come on time.",
        "Earlier decisions about a permanent home",
        "Children know sooner where they will grow up.",
    ),
    "care-education": Words(
        "A virtual school that schools listen to",
        "Our virtual school head works with yours on plans, attendance and the use of the pupil "
        "premium.",
        "Better support at school for children in care",
        "Children in care attend, belong and do well at school.",
    ),
    "care-leaver-work": Words(
        "Work and training for care leavers",
        "We show how employers, colleges and personal advisers work as one team, and help to set "
        "up guaranteed interviews.",
        "More care leavers in work or training",
        "Young people leave care with a next step that they chose.",
    ),
    "pathway-planning": Words(
        "Pathway plans young people want to keep",
        "Personal advisers and young people from our authority review plans with yours and "
        "rewrite the form together.",
        "Pathway plans that young people own",
        "Care leavers know who to turn to and what comes next.",
    ),
    "audit": Words(
        "Audit that changes practice",
        "We audit side by side with your managers, moderate together, and help to build a short "
        "loop from finding to practice.",
        "Quality assurance that leads to change",
        "Leaders know what life is like for children, and act on it.",
    ),
    "performance-data": Words(
        "Data that managers use every week",
        "Analysts and team managers rebuild one weekly report with you and coach the meeting in "
        "which it is used.",
        "Figures that our managers trust and use",
        "Delay is seen in days and put right in days.",
    ),
    "supervision": Words(
        "Reflective supervision that workers look forward to",
        "Team managers observe each other across authorities, with coaching for those who "
        "supervise for the first time.",
        "Regular, reflective supervision in every team",
        "Children's plans keep moving because somebody thinks about them with the worker.",
    ),
    "recruitment-and-retention": Words(
        "Growing and keeping our own social workers",
        "We share an academy for early careers, what we learned from leavers, and how we brought "
        "agency work down.",
        "A settled workforce",
        "Children keep the same social worker.",
    ),
    "restorative-practice": Words(
        "Restorative practice across a whole service",
        "Leaders and practitioners model restorative conversations in your teams and help to "
        "plan how it spreads.",
        "A shared way of working with families",
        "Families are worked with, not done to.",
    ),
    "family-safeguarding": Words(
        "Bringing in Family Safeguarding",
        "Our centre helps to plan adult workers in children's teams, group supervision and "
        "motivational interviewing.",
        "Adult and children's workers in one team",
        "Parents get help with what puts their children at risk, from the team that knows them.",
    ),
}

STRENGTHS = (
    "A committed team of practice leaders and good relationships with schools.",
    "Elected members who ask the right questions, and steady investment.",
    "Practitioners who know their children well and stay.",
    "A clear improvement plan, agreed with partners and tracked each month.",
)
ACTIVITIES = (
    "Looked at decisions together with the team",
    "Coached team managers",
    "Ran a workshop for practitioners",
    "Audited case files side by side",
    "Met the leadership team to review progress",
    "Shadowing day for two managers",
)
