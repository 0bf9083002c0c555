"""The words of messages about agreements, plans, phases, more days and endings."""

from __future__ import annotations

from broker.letter import URGENT, Letter

# fmt: off
LETTERS: dict[tuple[str, ...], Letter] = {
    ("partnership", "move_on"): Letter("{actor} moved a partnership to its next phase",
        "It is between {provider} and {receiver}.", "See what the phase asks for."),
    ("partnership", "change_lead"): Letter("{actor} named who leads on its side",
        "The partnership is between {provider} and {receiver}.", "See who is opposite whom now."),
    ("working_agreement", "agree", "being_written"): Letter("{actor} agreed to how you work together",
        "The partnership is between {provider} and {receiver}.", "If the agreement suits your side too, agree to it.", 10),
    ("working_agreement", "agree", "agreed"): Letter("{provider} and {receiver} agreed how they work together",
        todo="Print the kick-off sheet for the staff who take part."),
    ("working_agreement", "reopen"): Letter("{actor} would like to change how you work together",
        "The partnership is between {provider} and {receiver}.", "Read why, and agree to the new words."),
    ("plan", "agree", "being_written"): Letter("{actor} agreed to the plan",
        "The partnership is between {provider} and {receiver}.", "If it suits your side too, agree to it.", 10),
    ("plan", "agree", "agreed"): Letter("{provider} and {receiver} agreed a plan", todo="See what comes first."),
    ("plan", "set_aside"): Letter("{actor} set a version of the plan aside",
        "The partnership is between {provider} and {receiver}; the version before it stands."),
    ("partnership", "pause"): Letter("The partnership of {provider} and {receiver} is paused", "The days of the quarters ahead are free again.", "Resume it when both are ready.", is_urgent=URGENT),
    ("partnership", "resume"): Letter("The partnership of {provider} and {receiver} goes on", todo="See when days are given now."),
    ("partnership", "vary"): Letter("{actor} spread the days of a partnership otherwise", "It is between {provider} and {receiver}. The total did not rise.", "See when days are given now."),
    ("partnership", "hand_over"): Letter("{actor} handed a strand of the work over", "The partnership is between {provider} and {receiver}.", "See which strands still need a home."),
    ("partnership", "record_tests"): Letter("{actor} recorded the three tests before the end", "The partnership is between {provider} and {receiver}.", "Read them. A director ends it once all are met."),
    ("partnership", "say_why"): Letter("{actor} said why a partnership ended early", "It was between {provider} and {receiver}.", "Read it for yourself; the other side does not."),
    ("partnership", "write_report"): Letter("{actor} wrote the closing report", "The partnership was between {provider} and {receiver}.", "Receivers: read it before it goes out, and say what you think of it.", 5),
    ("partnership", "read_report"): Letter("{receiver} read the closing report", todo="See what they said of it."),
    ("partnership", "look_back"): Letter("{receiver} looked back on a partnership", "It was with {provider}.", "See whether it holds."),
    ("partnership", "look_back_due"): Letter("It is time to look back on your partnership with {provider}", todo="Say in a few minutes whether what changed still holds.", within=20),
    ("partnership", "close"): Letter("The partnership of {provider} and {receiver} is closed", "Thank you, both."),
    ("extension", "close"): Letter("More days are not needed now: the partnership has stopped",
        "They were asked for between {provider} and {receiver}, and are free again."),
    ("extension", "propose"): Letter("{actor} asks for more days",
        "The partnership is between {provider} and {receiver}.", "Read how many and why, and agree or decline.", 10),
    ("extension", "agree", "proposed"): Letter("{actor} agreed to more days",
        "The partnership is between {provider} and {receiver}.", "If it suits your side too, agree to it.", 10),
    ("extension", "agree", "agreed"): Letter("{provider} and {receiver} agreed on more days",
        "The days are reserved. The receiving region decides next.", "Coordinators: approve them, or send them to the panel.", 10),
    ("extension", "approve"): Letter("Approved: more days from {provider} for {receiver}", todo="Put them into the plan."),
    ("extension", "send_to_panel"): Letter("More days wait for the panel",
        "{provider} would go on helping {receiver} under {programme}.", "Read why, then vote or stand aside.", 10),
    ("extension", "vote", "approved"): Letter("The panel approved more days from {provider} for {receiver}", todo="Put them into the plan."),
    ("extension", "vote", "not_approved"): Letter("The panel did not approve more days",
        "They were between {provider} and {receiver}, and are free again.", "Read the panel's reasons.", is_urgent=URGENT),
    ("extension", "decline"): Letter("{actor} declined more days", "They were between {provider} and {receiver}, and are free again."),
}
# fmt: on
