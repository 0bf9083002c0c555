"""The words of every message: what happened, what to do, by when; and which are urgent.

One letter per verb that tells somebody, and one per reminder of the clock. Words that people
typed about needs, talks and matches stay out: a letter names authorities, programmes, published
offers and numbers, and leads to the page that holds the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum
from typing import Any

from broker import clock
from broker.account_letters import LETTERS as OF_ACCOUNTS
from broker.days import format_days
from broker.letter import URGENT, Letter
from broker.models.match import ConversationState as C
from broker.partnership_letters import LETTERS as OF_PARTNERSHIPS

SOMEBODY = "an authority"


# (noun, verb) or (noun, verb, the state it led to), where one verb may end in several.
# fmt: off
LETTERS: dict[tuple[str, ...], Letter] = {
    **OF_PARTNERSHIPS,
    **OF_ACCOUNTS,
    ("offer", "suspend"): Letter("Your offer ‘{offer}’ is suspended",
        "Under the rules of {programme}, {provider} may not give this help just now. Partnerships that are live go on.",
        "See why, and what you could offer instead."),
    ("offer", "lift"): Letter("Your offer ‘{offer}’ is published again",
        todo="Check that the days you can give are up to date."),

    ("offer", "ask_partners"): Letter("{provider} would like to give an offer together with you",
        todo="Read it, then agree to be named or say that you would rather not.", within=10),
    ("offer", "join"): Letter("{actor} agreed to be named on your offer"),
    ("offer", "stay_out"): Letter("{actor} would rather not be named on your offer",
        todo="Take it off, or have a word with them."),
    ("offer", "leave"): Letter("{actor} took its name off your offer", todo="Check that the offer still holds."),
    ("offer", "hand_over"): Letter("An offer waits for the director of {provider}",
        todo="Read it, then sign it off.", within=10),

    ("need", "share"): Letter("Something is shared with you in confidence",
        "An authority in your region would like to talk with you early. Only you and your deputy can read it.",
        "Read it, and offer a first talk.", 5),
    ("need", "submit"): Letter("{receiver} submitted a need",
        todo="Check that it is ready, then open it or send it back with a question.", within=10),
    ("need", "send_back"): Letter("Your need {number} was sent back with a question",
        todo="Read the question, put the answer in, and submit it again.", is_urgent=URGENT),
    ("need", "grow"): Letter("{receiver} is growing a small ask into a larger need",
        "You read it in confidence until it is submitted again."),
    ("need", "check_readiness"): Letter("A readiness check of your need {number} is recorded",
        todo="Read it before it goes further, and say what you think of it.", within=5),
    ("need", "open"): Letter("Your need {number} is open",
        todo="Look at who could help, and ask those you would like to talk with."),
    ("need", "reopen"): Letter("Your need {number} looks for help again",
        "A match or partnership for it has ended, so its days can be found elsewhere.",
        "Look at who else could help."),

    ("suggested_need", "suggest"): Letter("{actor} suggests something that you might want help with",
        "It is yours to take up, change or decline. Nobody asks for a reason.", "Read it, and decide.", 20),

    ("suggestion", "make"): Letter("{provider} could help with your need {number}",
        "Nothing happens until you ask: the choice is yours.",
        "See why it was suggested, then ask to talk or pass it over.", 10),

    ("conversation", "ask"): Letter("Somebody asks to talk about your offer ‘{offer}’",
        "You learn which authority it is when you accept.",
        "Read what they would like, and accept or decline.", 9, URGENT),
    ("conversation", "accept"): Letter("{provider} would like to talk with you",
        todo="Agree a time. After the talk, record what you made of it.", within=9),
    ("conversation", "decline"): Letter("{provider} declined an ask to talk",
        todo="Other offers may fit: the shortlist shows them.", is_urgent=URGENT),
    ("conversation", "propose_times"): Letter("{actor} proposes times to talk",
        todo="Choose a time that suits you, or propose others.", within=5),
    ("conversation", "choose_time"): Letter("{actor} chose a time to talk",
        todo="Put it in your calendar: the page has a file for that."),
    ("conversation", "lapse"): Letter("An ask to {provider} has lapsed",
        todo="Other offers may fit: the shortlist shows them."),

    ("match", "counter_offer"): Letter("{actor} proposes other terms",
        "The match is between {provider} and {receiver}.", "Read them, then agree or propose yours.", 10),
    ("match", "agree", "talking"): Letter("{actor} agreed to the terms",
        "The match is between {provider} and {receiver}.", "If the terms suit your side too, agree to them.", 10),
    ("match", "agree", "agreed"): Letter("{provider} and {receiver} have agreed terms",
        "The days are reserved. The receiving region decides next.",
        "Coordinators: approve it, send it to the panel, or send it back with a question.", 10),
    ("match", "send_back"): Letter("Terms were sent back with a question",
        "The match is between {provider} and {receiver}. Its days are free again until both agree.",
        "Read the question, put the terms right, and agree again.", is_urgent=URGENT),
    ("match", "approve"): Letter("Approved: {provider} helps {receiver}",
        "The days are committed and the partnership is open.", "Agree how you will begin."),
    ("match", "send_to_panel"): Letter("A match waits for the panel",
        "{provider} would help {receiver} under {programme}.", "Read the papers, then vote or stand aside.", 10),
    ("match", "vote", "approved"): Letter("The panel approved: {provider} helps {receiver}",
        "The days are committed and the partnership is open.", "Agree how you will begin."),
    ("match", "vote", "not_approved"): Letter("The panel did not approve a match",
        "It was between {provider} and {receiver}. Its days are free again.",
        "Read the panel's reasons.", is_urgent=URGENT),
    ("match", "decline"): Letter("{actor} declined a match",
        "It was between {provider} and {receiver}. Days that it held are free again.",
        "Other offers may fit: the shortlist shows them.", is_urgent=URGENT),
    ("match", "withdraw"): Letter("{actor} withdrew a match",
        "It was between {provider} and {receiver}. Days that it held are free again.", is_urgent=URGENT),
    ("match", "close"): Letter("A match is not needed now, with thanks",
        "It was between {provider} and {receiver}. Days that it held are free again."),
    ("match", "lapse"): Letter("A match has lapsed",
        "It was between {provider} and {receiver}, and no decision came in time. Days that it held are free again.",
        "If it is still wanted, ask to talk again."),

    ("recording", "send"): Letter("{actor} wrote down what you agreed elsewhere",
        "It is about help that {provider} gives {receiver}.", "Read it, and say whether it is so.", 20),
    ("recording", "confirm"): Letter("{provider} and {receiver} have recorded help agreed elsewhere",
        "Both sides say that it is so. Its days count once you note it.", "Note it, or ask a question.", 10),
    ("recording", "query"): Letter("{actor} asks about what you wrote down",
        "It is about help that {provider} gives {receiver}.", "Put it right, and send it again."),
    ("recording", "send_back"): Letter("The coordinator asks about help agreed elsewhere",
        "It is about help that {provider} gives {receiver}.", "Read the question, put it right, and send it again."),
    ("recording", "note"): Letter("Noted: {provider} helps {receiver}",
        "The days given so far are counted, and the partnership is open."),

    ("round", "finish"): Letter("Round {number} has ended",
        todo="Look at what it suggests, then adopt it or set it aside.", within=10),
    ("round", "interrupt"): Letter("Round {number} was interrupted",
        "What went in is kept.", "Run it again on the same inputs."),
    ("round", "fail"): Letter("Round {number} could not be finished",
        todo="See why, and ask for it again."),

    ("partnership", "open"): Letter("A partnership of {provider} and {receiver} is open",
        todo="Say who works with whom, and log days as they are given."),
    ("partnership", "end"): Letter("The partnership of {provider} and {receiver} has ended as planned",
        "Committed days that were not used are free again."),
    ("partnership", "end_early"): Letter("The partnership of {provider} and {receiver} has ended early",
        "Committed days that were not used are free again.",
        "Say why as your side sees it, now or later. The other side does not read it.", is_urgent=URGENT),

    ("partnership", "give_feedback"): Letter("{receiver} said how it went",
        "It speaks of your partnership with them.", "Read what may be shown to you."),
    ("partnership", "give_learning"): Letter("{provider} said what it learned",
        "It speaks of your partnership with them.", "Read it: both sides share what they say."),
    ("partnership", "ask_feedback"): Letter("How does the partnership of {provider} and {receiver} go?",
        "It has come to a moment at which both sides and their staff are asked.",
        "Say how it went. It takes about five minutes.", 20),
    ("partnership", "remind_feedback"): Letter("The partnership of {provider} and {receiver} waits for your word",
        "You were asked 10 working days ago how it went.", "Say how it went, or ask your staff."),
    ("partnership", "remind_feedback_again"): Letter("Last reminder: say how the partnership of {provider} and {receiver} went",
        "You were asked 20 working days ago.", "Say how it went, or ask your staff."),
    ("partnership", "tell_feedback_late"): Letter("The partnership of {provider} and {receiver} has not said all about how it went",
        "It was asked 20 working days ago.", "A word with them may help.", path="/feedback"),
    ("partnership", "move_days"): Letter("{actor} moved days between quarters",
        "The partnership is between {provider} and {receiver}.", "See when days are given now."),
    ("partnership", "carry"): Letter("{actor} carried days to a later quarter",
        "They were not given in time, between {provider} and {receiver}.", "See when days are given now."),
    ("partnership", "release_days"): Letter("{actor} released days that were not given",
        "They were committed between {provider} and {receiver}.", "See which days are left."),
    ("partnership", "flag"): Letter("The partnership of {provider} and {receiver} is flagged for review",
        "{provider} may no longer provide under the rules of {programme}. The partnership goes on meanwhile.",
        "Coordinators: record your review. Others: see why.", 10),
    ("partnership", "clear_flag"): Letter("The partnership of {provider} and {receiver} was reviewed: it goes on"),
    ("partnership", "lift_flag"): Letter("The partnership of {provider} and {receiver} needs no review now",
        "{provider} may provide again under the rules of {programme}."),

    ("exception", "grant"): Letter("{provider} may provide under {programme} by an exception",
        todo="See until when, and for what reason."),
    ("exception", "end"): Letter("The exception for {provider} under {programme} has ended sooner",
        todo="See what this means for what {provider} offers."),
    ("exception", "expire"): Letter("The exception for {provider} under {programme} has expired",
        todo="See what this means for what {provider} offers."),
    ("exception", "succeed"): Letter("An exception under {programme} now stands with {provider}"),
    ("programme", "change"): Letter("{programme} was changed",
        "An administrator changed its name, its funder or the days between which it is open.", "See what was changed, and what is under way."),
    ("capacity", "ask_for_days"): Letter("Could {provider} give more days under {programme}?",
        "A coordinator looked at what is asked for and what is free. Nothing is promised to anybody, and nobody is named.",
        "Read how many and when, and set out what you can give.", within=10),
    ("capacity", "correct"): Letter("{actor} corrected an entry of days under {programme}",
        "It concerns the days that {provider} can give.", "See what was corrected, and why."),
    ("capacity", "expire"): Letter("Free days of a quarter that is over have expired",
        "They stood under {programme} and nobody asked for them.", "Check the days that you can give in the next quarters."),
    ("capacity", "succeed"): Letter("Days to give under {programme} now stand with {provider}",
        "An authority was split, merged or given another code.", "Check that the days by quarter are right."),
    ("showing", "succeed"): Letter("Something to read first has moved to {authority}",
        "An authority was split, merged or given another code.", "Read it, and say so."),
    ("partnership", "succeed"): Letter("A partnership has moved: it is now between {provider} and {receiver}",
        "An authority was split, merged or given another code.", "Check that leads and days are right."),

    ("showing", "show"): Letter("Read first what would go out about {authority}",
        "It goes out once you have read it, or after 5 working days. What you say about it goes with it.",
        "Read it, and say so.", 5),
    ("review", "begin"): Letter("{actor} prepares a review of the partnership of {provider} and {receiver}",
        "What the records say stands on its page.", "Read it, and answer for your side before you meet.", 10),
    ("review", "record"): Letter("The review of the partnership of {provider} and {receiver} is recorded",
        todo="Read what was decided, and what goes out of it."),
    ("review", "call_off"): Letter("A review of the partnership of {provider} and {receiver} was called off"),
    ("partnership", "ask_staff"): Letter("{actor} asks staff how the partnership goes",
        "Three statements, answered by links that name nobody, between {provider} and {receiver}.",
        "Make links for your own staff, and hand them out.", 5),
    ("pulse", "stop_links"): Letter("{actor} stopped all links of a staff pulse",
        "The pulse is of the partnership between {provider} and {receiver}.", "Make new links for your staff if you need them."),
    ("pulse", "release"): Letter("The staff pulse of {provider} and {receiver} is there",
        "Five or more people answered.", "Read what staff said, together."),
    ("pulse", "close"): Letter("The staff pulse of {provider} and {receiver} has closed",
        "Fewer than five people answered, so nothing is shown and nothing was kept."),

    ("support_day", "log"): Letter("{actor} logged {days} of support",
        "Given on {given_on}, between {provider} and {receiver}.", "Confirm it, or query it.", 10),
    ("support_day", "query"): Letter("{actor} asks about support that you logged",
        "Given on {given_on}, between {provider} and {receiver}.", "Answer the question, or void the entry.", 10),
    ("support_day", "answer"): Letter("{actor} answered your question about support",
        "Given on {given_on}, between {provider} and {receiver}.", "Confirm it, or query it again.", 10),
    ("support_day", "void"): Letter("{actor} took {days} of support out of the count",
        "They were logged for {given_on}, between {provider} and {receiver}."),

    ("support_day", "log_too"): Letter("{provider} and {receiver} logged the same {days} of support",
        "Given on {given_on}. It counts once, and is confirmed.",
        "See that it is one visit. If it was two, log the other and say so."),
    ("extra", "propose"): Letter("{actor} proposes {days} more than were approved",
        "For {quarter}, between {provider} and {receiver}.", "Your director agrees or declines.", 10),
    ("extra", "agree"): Letter("{provider} and {receiver} agreed {days} more than were approved",
        "For {quarter}. They are committed from the free days of {provider}."),
    ("extra", "decline"): Letter("{actor} declined the extra days that you proposed",
        "For {quarter}, between {provider} and {receiver}.", "Read why, and talk about what is needed."),
    ("extra", "take_back"): Letter("{actor} took back the extra days that it proposed",
        "For {quarter}, between {provider} and {receiver}."),
    ("day_import", "apply"): Letter("{actor} logged days of support from a spreadsheet",
        "Between {provider} and {receiver}.", "Confirm the days, all in one press where they are right, or query them.", 10,
        path="/days?standing=waiting"),

    ("return", "start"): Letter("Your return for {quarter} is open",
        "{programme}. The days are filled in from what you logged.", "Write what changed, and certify it.", 20),
    ("return", "submit_nil"): Letter("Your nil return for {quarter} was submitted by itself",
        "{programme}. There were no partnerships and no days, so there was nothing to ask you.",
        "If something is missing, ask the programme's manager to reopen it."),
    ("return", "remind"): Letter("A reminder: your return for {quarter} waits for you",
        "{programme}.", "Write what changed, and certify it.", is_urgent=URGENT),
    ("return_section", "show"): Letter("Read first what {provider} reports about your work together",
        "Its return to {programme} for {quarter} goes out once you have read your section, or after 5 working days.",
        "Read it, and say what you think of it: your words go with it.", 5, URGENT),
    ("return_section", "read"): Letter("{receiver} has read its section of your return",
        "{programme}, {quarter}.", "Look at what they say about it."),
    ("return_section", "comment"): Letter("{receiver} changed what it says about its section of your return",
        "{programme}, {quarter}.", "Look at what they say about it."),
    ("return", "hand_over"): Letter("Your return for {quarter} waits for the director",
        "{programme}.", "Read it, then certify and submit it.", 10),
    ("return", "certify"): Letter("{provider} certified its return for {quarter}",
        "{programme}.", "Accept it, or ask for changes.", 10),
    ("return", "request_changes"): Letter("Your return for {quarter} was sent back",
        "{programme}.", "Read what is asked, put it right, and certify it again.", 10, URGENT),
    ("return", "accept"): Letter("Your return for {quarter} was accepted", "{programme}."),
    ("return", "reopen"): Letter("Your return for {quarter} was reopened",
        "{programme}.", "Read why, then certify it again.", 20),

    ("person", "succeed"): Letter("Your role has moved to another authority",
        "Yours was split, merged or given another code.", "Check that your roles are right."),
    ("deputy", "name"): Letter("You stand in for {principal}",
        "From {starts_on} until {until}. What you do meanwhile is recorded as done for them.",
        "See what was handed to you.", is_urgent=URGENT),
    ("deputy", "end"): Letter("You no longer stand in for {principal}"),

    # The clock
    ("conversation", "remind"): Letter("An ask about your offer ‘{offer}’ waits for your answer",
        "You learn which authority it is when you accept. Answer for yourself, whatever others have answered.",
        "Accept or decline."),
    ("conversation", "remind_again"): Letter("Last reminder: an ask about your offer ‘{offer}’ waits",
        "It lapses after {lapses_on}.", "Accept or decline.", is_urgent=URGENT),
    ("conversation", "tell_coordinator"): Letter("{provider} has not answered an ask for 21 working days",
        "It comes from your region, and lapses after {lapses_on}.", "A word with them may help."),
    ("conversation", "last_day"): Letter("An ask about your offer ‘{offer}’ lapses tomorrow",
        "Today is the last working day to answer it.", "Accept or decline.", is_urgent=URGENT),
    ("match", "tell_other_region"): Letter("{provider} gives days to another region",
        "Both sides agreed, under {programme}. The receiving region decides; nothing waits on you.",
        "See how many days, and when.", path="/matches/given-to-others"),
    ("match", "tell_deputy"): Letter("A match has waited 10 working days for approval",
        "{provider} would help {receiver}. Its days are reserved meanwhile.",
        "Approve it, send it to the panel, or send it back with a question."),
    ("match", "tell_panel"): Letter("A match in {region} has waited 20 working days",
        "Both sides have agreed it, and the region has not decided.",
        "A word with the regional coordinator may help.", path="/matches"),
    ("match", "last_day"): Letter("A match lapses tomorrow",
        "{provider} would help {receiver}. Today is the last working day to decide; then its days are free again.",
        "Decide today, or send it back with a question.", is_urgent=URGENT),
    ("support_day", "remind"): Letter("Support on {given_on} is not confirmed yet",
        "It was logged 10 working days ago, between {provider} and {receiver}.", "Confirm it, or query it."),
}
# fmt: on


def letter_for(noun: str, verb: str, state: Enum | None = None) -> Letter:
    """The letter of a verb; one without words of its own says its number and nothing more."""
    ending = (str(state.value),) if state else ()
    for key in ((noun, verb, *ending), (noun, verb)):
        if key in LETTERS:
            return LETTERS[key]
    plain = noun.replace("_", " ").capitalize()
    return Letter(f"{plain} {{number}}: {verb.replace('_', ' ')}", todo="See what it says.")


class Facts(Mapping[str, str]):
    """What a letter may say about a thing. `actor` is the place of who did it."""

    def __init__(self, thing: Any, actor: str = "") -> None:
        self.thing = thing
        self.actor = actor

    def __getitem__(self, name: str) -> str:
        return self.actor if name == "actor" else SAID[name](self.thing)

    def __iter__(self) -> Any:
        return iter(("actor", *SAID))

    def __len__(self) -> int:
        return len(SAID) + 1


def _receiver(thing: Any) -> str:
    """Its name; until a provider has agreed to talk, or once it declined, nobody's."""
    if thing.noun == "conversation" and thing.state not in (C.ACCEPTED, C.HELD):
        return SOMEBODY
    return str(_whole(thing).receiver.name)


def _provider(thing: Any) -> str:
    return str(_whole(thing).provider.name)


def _whole(thing: Any) -> Any:
    """What a day or a suggestion belongs to: its authorities stand there."""
    held_by = {
        "support_day": "partnership",
        "extra": "partnership",
        "day_import": "partnership",
        "suggestion": "offer",
    }.get(thing.noun)
    return getattr(thing, held_by) if held_by else thing


def _programme(thing: Any) -> Any:
    return thing if thing.noun == "programme" else thing.programme


def _offer(thing: Any) -> str:
    return str(thing.title if thing.noun == "offer" else thing.offer.title)


def _number(thing: Any) -> str:
    return str(thing.need_id if thing.noun == "suggestion" else thing.id)


def lapses_on(thing: Any, after: int = 45) -> date:
    """The last working day on which it can be answered."""
    return clock.add_working_days(thing.state_since.astimezone(clock.LONDON).date(), after)


def in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


SAID: dict[str, Callable[[Any], str]] = {
    "number": _number,
    "receiver": _receiver,
    "provider": _provider,
    "offer": _offer,
    "programme": lambda thing: str(_programme(thing).name),
    "region": lambda thing: str(thing.receiver.region.name),
    "quarter": lambda thing: str(thing.quarter),
    "authority": lambda thing: str(thing.authority.name),
    "days": lambda thing: format_days(thing.quarter_days),
    "given_on": lambda thing: in_words(thing.given_on),
    "place": lambda thing: str(thing.place),
    "principal": lambda thing: str(thing.deputy_for.name),
    "starts_on": lambda thing: in_words(thing.starts_on),
    "until": lambda thing: in_words(thing.ends_on),
    "role": lambda thing: str(thing.role.words),
    "lapses_on": lambda thing: in_words(lapses_on(thing)),
}


def subject_of(letter: Letter, facts: Mapping[str, str]) -> str:
    said = letter.subject.format_map(facts)
    return (said[:1].upper() + said[1:])[:200]


def body_of(letter: Letter, facts: Mapping[str, str]) -> str:
    """What happened, then what to do and by when, in paragraphs."""
    happened = f"{subject_of(letter, facts)}. {letter.more.format_map(facts)}".strip()
    todo = letter.todo.format_map(facts)
    if letter.within is not None:
        by = clock.add_working_days(clock.today(), letter.within)
        todo = f"{todo} Please do so by {in_words(by)}."
    return "\n\n".join(part for part in (happened, todo) if part)
