"""Who gets which page: every endpoint stands here by hand, or the build fails.

A line says, for every kind of person in the order of KINDS, what a GET gives (or, for addresses
that only take a POST, what an empty POST gives): `o` the page (200), `>` sent on (302), `x` not for
your role (403), `.` does not exist for you (404), `!` not now (409), `?` something is missing
(422), `-` needs signing in (302 to the sign-in page), `k` needs a program's token (401).
"""

from __future__ import annotations

import pytest
from flask import Flask, g

from broker.db import db
from tests import stage
from tests.client import PageClient

KINDS = (
    "nobody", "receiver", "receiver_lead", "giver", "giver_lead", "practitioner", "other",
    "coordinator", "deputy", "far_coordinator", "dfe", "panel_1", "manager", "adviser",
    "administrator",
)  # fmt: skip
STATUS = {"o": 200, ">": 302, "k": 401, "x": 403, ".": 404, "!": 409, "?": 422, "-": 302}

# Endpoint [variant] address                     who gets what: n rR gGp o cdf D P M a A
ACCESS = """
pages.home                     /                                           o oo ooo o ooo o o o o o
pages.how_it_works             /how-it-works                               o oo ooo o ooo o o o o o
pages.how_to_ask               /how-to-ask                                 o oo ooo o ooo o o o o o
pages.who_can_use              /who-can-use-this                           o oo ooo o ooo o o o o o
pages.how_matching_decides     /how-matching-decides                       o oo ooo o ooo o o o o o
pages.accessibility            /accessibility                              o oo ooo o ooo o o o o o
pages.privacy                  /privacy                                    o oo ooo o ooo o o o o o
pages.sources                  /sources                                    o oo ooo o ooo o o o o o
pages.data_teams               /for-data-teams                             o oo ooo o ooo o o o o o
operations.health              /health                                     o oo ooo o ooo o o o o o
operations.ready               /ready                                      o oo ooo o ooo o o o o o
operations.metrics             /metrics                                    o oo ooo o ooo o o o o o
operations.board               /running                                    - xx xxx x xxx x x x x o
operations.back_up             /running/backups                            - xx xxx x xxx x x x x !
operations.new                 /running/notice                             - xx xxx x xxx x x x x o
operations.press               /running/notices/999999/take_down           - xx xxx x xxx x x x x .
operations.work                /running/jobs                               - xx xxx x xxx x x x x o
operations.begin_again         /running/jobs/999999/again                  - xx xxx x xxx x x x x .
operations.stop                /running/jobs/999999/stop                   - xx xxx x xxx x x x x .
operations.download_heads      /running/heads.csv                          - xx xxx x xxx x x x x o
own_sign_in.show               /me/sign-in                                 - oo ooo o ooo o o o o o
own_sign_in.password           /me/sign-in/password                        - oo ooo o ooo o o o o o
own_sign_in.step               /me/sign-in/second-step                     - oo ooo o ooo o o o o o
own_sign_in.remove_step        /me/sign-in/second-step/remove              - !! !!! ! !!! ! ! ! ! !
own_sign_in.codes              /me/sign-in/recovery-codes                  - !! !!! ! !!! ! ! ! ! !
own_sign_in.end                /me/sign-in/sessions/999999/end             - .. ... . ... . . . . .
own_sign_in.end_others         /me/sign-in/sessions/end-others             - >> >>> > >>> > > > > >
own_sign_in.prove              /me/prove                                   - oo ooo o ooo o o o o o
own_sign_in.kept               /me/go-on                                   - >> >>> > >>> > > > > >
personal.mine                  /me/data                                    - oo ooo o ooo o o o o o
personal.download_mine         /me/data.json                               - oo ooo o ooo o o o o o
personal.index                 /personal-data                              - xx xxx x xxx x x x x o
personal.show                  /personal-data/1                            - xx xxx x xxx x x x x o
personal.download              /personal-data/1.csv                        - xx xxx x xxx x x x x o
personal.press                 /personal-data/999999/end_sessions          - xx xxx x xxx x x x x .
personal.erase                 /personal-data/999999/erase                 - xx xxx x xxx x x x x .
account.sign_in                /sign-in                                    o oo ooo o ooo o o o o o
account.code                   /sign-in/code                               - -- --- - --- - - - - -
account.set_up                 /sign-in/set-up                             - -- --- - --- - - - - -
account.recovery_codes         /sign-in/recovery-codes                     - >> >>> > >>> > > > > >
account.sign_out               /sign-out                                   > >> >>> > >>> > > > > >
account.demo                   /demo                                       o oo ooo o ooo o o o o o
account.enter_demo             /demo/1                                     . .. ... . ... . . . . .
account.me                     /me                                         - oo ooo o ooo o o o o o
one_time_links.forgotten       /sign-in/forgotten                          o oo ooo o ooo o o o o o
one_time_links.asked           /sign-in/asked                              o oo ooo o ooo o o o o o
one_time_links.open            /link/made-up                               . .. ... . ... . . . . .
council_accounts.begin         /sign-in/council/leeds                      . .. ... . ... . . . . .
council_accounts.begin_to_join /link/made-up/council/leeds                 > >> >>> > >>> > > > > >
council_accounts.back          /sign-in/council/leeds/back                 . .. ... . ... . . . . .
council_accounts.connect       /me/sign-in/council/leeds                   - .. ... . ... . . . . .
council_accounts.prove         /me/prove/council/leeds                     - .. ... . ... . . . . .
council_accounts.end           /me/sign-in/council-accounts/999999/end     - .. ... . ... . . . . .
memberships.index              /people                                     - ox oxx o xxx x x x x o
memberships.invite             /people/invite                              - ox oxx o xxx x x x x o
memberships.invitations        /people/invitations                         - ox oxx o xxx x x x x o
memberships.invitation         /people/invitations/{invitation}            - .x oxx . xxx x x x x o
memberships.press              /people/invitations/{invitation}/renew      - .x >xx . xxx x x x x >
memberships.show               /people/roles/{role}                        - .x oxx . xxx x x x x o
memberships.end                /people/roles/{role}/end                    - .x oxx . xxx x x x x o
memberships.change_end         /people/roles/{role}/last-day               - .x !xx . xxx x x x x !
memberships.give_back          /people/roles/{role}/give-back              - .x !xx . xxx x x x x !
deputies.index                 /me/deputies                                - oo ooo o ooo o o o o o
deputies.new                   /me/deputies/new/999999                     - .. ... . ... . . . . .
deputies.end                   /me/deputies/999999/end                     - .. ... . ... . . . . .
messages.index                 /me/messages                                - oo ooo o ooo o o o o o
messages.show                  /me/messages/999999                         - .. ... . ... . . . . .
messages.digest                /me/messages/digest                         - oo ooo o ooo o o o o o
messages.wish                  /me/messages/wishes                         - oo ooo o ooo o o o o o
messages.leave                 /leave-the-digest/made-up                   . .. ... . ... . . . . .
messages.kinds                 /messages/kinds                             - xx xxx x xxx x x x x o
messages.sending               /messages/sending                           - xx xxx x xxx x x x x o
messages.again                 /messages/sending/999999/again              - xx xxx x xxx x x x x .
messages.demo                  /demo/messages                              o oo ooo o ooo o o o o o
work.index                     /your-work                                  - oo ooo o ooo o o o o o
authorities.index              /authorities                                o oo ooo o ooo o o o o o
authorities.show               /authorities/{leeds}                        o oo ooo o ooo o o o o o
authorities.show               /authorities/E08000019                      > >> >>> > >>> > > > > >
authorities.england            /authorities/map                            o oo ooo o ooo o o o o o
authorities.indicators         /authorities/{leeds}/indicators             o oo ooo o ooo o o o o o
authorities.indicator          /authorities/{leeds}/indicators/turnover    o oo ooo o ooo o o o o o
authorities.download           /authorities/{leeds}/indicators.csv         o oo ooo o ooo o o o o o
interventions.new              /authorities/{leeds}/interventions/new      - xx xxx x xxx x x x x o
interventions.show             /interventions/{intervention}               - xx xxx x xxx x x x x o
interventions.correct          /interventions/{intervention}/correct       - xx xxx x xxx x x x x o
interventions.press            /interventions/{intervention}/strike_out    - xx xxx x xxx x x x x ?
offers.index                   /offers                                     o oo ooo o ooo o o o o o
offers.show                    /offers/{offer}                             o oo ooo o ooo o o o o o
offers.show                    /offers/{draft}                             . .. oo. . ... . . . . .
prospectus.as_csv              /offers.csv                                 o oo ooo o ooo o o o o o
prospectus.as_json             /offers.json                                o oo ooo o ooo o o o o o
prospectus.compare             /offers/compare?offer={offer}               o oo ooo o ooo o o o o o
prospectus.can_use             /offers/{offer}/can-we-use-this             o oo ooo o ooo o o o o o
prospectus.provider            /providers/{leeds}                          o oo ooo o ooo o o o o o
prospectus.searches            /searches                                   - oo ooo o ooo o o o o o
prospectus.save                /searches                                   - ?? ??? ? ??? ? ? ? ? ?
prospectus.rename              /searches/{search}/rename                   - o. ... . ... . . . . .
prospectus.delete              /searches/999999/delete                     - .. ... . ... . . . . .
offers.mine                    /offers/mine                                - ox oox o xxx x x x x x
offers.new                     /offers/new                                 - ox oox o xxx x x x x x
offers.tasks                   /offers/{draft}/tasks                      - .. oo. . ... . . . . .
offers.tasks                   /offers/{offer}/tasks                      - xx !!x x xxx x x x x x
offers.write                   /offers/{draft}/write/about                - .. oo. . ... . . . . .
offers.check                   /offers/{draft}/check                      - .. oo. . ... . . . . .
offers.preview                 /offers/{draft}/preview                    - .. oo. . ... . . . . .
offers.versions                /offers/{offer}/versions                   o oo ooo o ooo o o o o o
offers.copy                    /offers/999999/copy                        - .. ... . ... . . . . .
offers.press                   /offers/{offer}/withdraw                    - xx ?xx x xxx x x x x x
offers.press                   /offers/{draft}/pause                       - .. !!. . ... . . . . .
capacity.index                 /capacity                                   - ox oox o xxx x x o x x
capacity.download              /capacity.csv                               - ox oox o xxx x x o x x
capacity.show                  /capacity/1                                 - .x oox . xxx x x o x x
capacity.entries               /capacity/1/entries                         - .x oox . xxx x x o x x
capacity.correct               /capacity/entries/1/correct                 - .x oxx . xxx x x o x x
capacity.firm_up               /capacity/1/firm-up                         - .x !!x . xxx x x x x x
capacity.edit                  /capacity/{leeds}/edit                      - .x oox . xxx x x x x x
needs.index                    /needs                                      - oo oxx o ooo o x o x x
needs.new                      /needs/new                                  - oo oxx o xxx x x x x x
needs.show                     /needs/{private}                            - oo ... . ... . . . . .
needs.show                     /needs/{confided}                           - oo ... . oo. . . . . .
needs.show                     /needs/{submitted}                          - oo ... . oo. . . . . .
needs.show                     /needs/{need}                               - oo ... . oo. o . o . .
needs.tasks                    /needs/{private}/tasks                      - oo ... . ... . . . . .
needs.tasks                    /needs/{confided}/tasks                     - oo ... . xx. . . . . .
needs.section                  /needs/{private}/tasks/strengths            - oo ... . ... . . . . .
needs.section                  /needs/{confided}/tasks/themes              - oo ... . xx. . . . . .
needs.section                  /needs/{private}/tasks/nothing              - .. ... . ... . . . . .
needs.check                    /needs/{private}/check                      - oo ... . ... . . . . .
needs.check                    /needs/{submitted}/check                    - !! ... . xx. . . . . .
needs.partners                 /needs/{private}/partners                   - oo ... . ... . . . . .
needs.partners                 /needs/{need}/partners                      - !! ... . xx. x . x . .
needs.unsay                    /needs/{need}/partners/999999/remove        - !! ... . xx. x . x . .
needs.follow_on                /needs/{private}/follow-on                  - !! ... . ... . . . . .
needs.follow_on                /needs/{confided}/follow-on                 - !! ... . xx. . . . . .
needs.priority                 /needs/{confided}/priority                  - xx ... . oo. . . . . .
needs.priority                 /needs/{need}/priority                      - xx ... . oo. x . x . .
readiness.check                /needs/{submitted}/readiness                - xx ... . oo. . . . . .
readiness.read                 /needs/{submitted}/readiness/read           - !! ... . xx. . . . . .
readiness.read                 /needs/{checked}/readiness/read             - oo ... . xx. . . . . .
readiness.meet                 /needs/{submitted}/readiness/conditions/1   - xx ... . !!. . . . . .
signing.show                   /needs/{private}/signatures                 - oo ... . ... . . . . .
signing.show                   /needs/{submitted}/signatures               - oo ... . xx. . . . . .
signing.make_link              /needs/{need}/signatures/lead_member/link   - !! ... . xx. x . x . .
signing.make_link              /needs/{private}/signatures/director/link   - ?? ... . ... . . . . .
signing.make_link              /needs/{private}/signatures/nobody/link     - .. ... . ... . . . . .
signing.cancel                 /needs/{need}/signatures/lead_member/cancel - !! ... . xx. x . x . .
signing.take_back           /needs/{private}/signatures/director/take-back - ?x ... . ... . . . . .
signing.index                  /to-sign                                    - xx xxx x xxx x x x x x
signing.to_sign                /to-sign/{submitted}                        - .. ... . ... . . . . .
signing.sign                   /to-sign/{submitted}                        - .. ... . ... . . . . .
signing.page                   /sign/guessed                               . .. ... . ... . . . . .
signing.sign_by_link           /sign/guessed                               . .. ... . ... . . . . .
signing.signed                 /sign                                       o oo ooo o ooo o o o o o
needs.press                    /needs/{submitted}/send_back                - xx ... . ??. . . . . .
needs.press                    /needs/{private}/meet                       - !x ... . ... . . . . .
suggested_needs.index          /suggested-needs                            - oo oxx o ooo o x x o x
suggested_needs.new            /suggested-needs/new                        - xx xxx x ooo o x x o x
suggested_needs.show           /suggested-needs/{hinted}                   - oo ... . oo. . . . . .
suggested_needs.take_up        /suggested-needs/{hinted}/take-up           - oo ... . xx. . . . . .
suggested_needs.press          /suggested-needs/{hinted}/nothing           - .. ... . ... . . . . .
help.show                      /help/{helped}                              - oo ... . oo. . . . . .
help.new                       /help/{helped}/new                          - oo ... . xx. . . . . .
help.change                    /help/{helped}/elsewhere/{elsewhere}        - oo ... . xx. . . . . .
help.change                    /help/{helped}/elsewhere/999999             - .. ... . ... . . . . .
help.press_live                /help/{helped}/elsewhere/{elsewhere}/nothing - .. ... . ... . . . . .
help.plan                      /help/{helped}/plan/{quarter}               - oo ... . xx. . . . . .
help.plan                      /help/{helped}/plan/9999999                 - .. ... . xx. . . . . .
help.press                     /help/{helped}/nothing                      - .. ... . ... . . . . .
shortlists.index               /needs/{private}/shortlist                  - oo ... . ... . . . . .
shortlists.index               /needs/{confided}/shortlist                 - oo ... . oo. . . . . .
shortlists.index               /needs/{need}/shortlist                     - oo ... . oo. . . . . .
shortlists.compare             /needs/{confided}/shortlist/compare         - oo ... . oo. . . . . .
shortlists.compare             /needs/{private}/shortlist/compare          - oo ... . ... . . . . .
shortlists.download            /needs/{need}/shortlist.csv                 - oo ... . oo. . . . . .
shortlists.needs               /offers/{offer}/needs                       - .. oo. . ... . . . . .
shortlists.suggest             /needs/{private}/shortlist/{offer}          - >> ... . ... . . . . .
shortlists.suggest             /needs/{need}/shortlist/999999              - .. ... . ... . . . . .
conversations.ask_about        /offers/{offer}/ask                         o oo xxx o xxx x x x x x
conversations.asked            /asks/{ask}                                 - oo ... . ... . . . . .
conversations.ask_for_need     /offers/{offer}/ask/need                    - oo xxx ! xxx x x x x x
conversations.ask              /suggestions/{suggestion}/ask               - oo ... . xx. . . . . .
conversations.press_suggestion /suggestions/{suggestion}/ask_nothing       - .. ... . ... . . . . .
conversations.index            /conversations                              - oo oox o ooo x x x x x
conversations.show             /conversations/{asked}                      - oo oo. . oo. . . . . .
conversations.show             /conversations/{held}                       - oo oo. . oo. . . . . .
conversations.decline          /conversations/{asked}/decline              - xx oo. . xx. . . . . .
conversations.outcome          /conversations/{held}/outcome               - !! !!. . xx. . . . . .
conversations.propose          /conversations/{met}/times                  - oo oo. . xx. . . . . .
conversations.propose          /conversations/{held}/times                 - !! !!. . xx. . . . . .
conversations.choose           /conversations/{met}/times/999999           - !! !!. . xx. . . . . .
conversations.calendar         /conversations/{met}/talk.ics               - oo oo. . ... . . . . .
conversations.calendar         /conversations/{held}/talk.ics              - .. ... . ... . . . . .
conversations.what_to_ask      /what-to-ask                                o oo ooo o ooo o o o o o
conversations.press            /conversations/{held}/accept                - xx !!. . xx. . . . . .
matches.index                  /matches                                    - oo ooo o ooo o o o o o
matches.approvals              /matches/approvals                          - xx xxx x ooo x x x x x
matches.approve_several        /matches/approvals/several?match={agreed}   - xx xxx x oo> x x x x x
matches.approve_several        /matches/approvals/several                  - xx xxx x >>> x x x x x
matches.given_to_others        /matches/given-to-others                    - xx xxx x ooo x x x x x
matches.approved               /matches/approvals/done?match={agreed}      - xx xxx x ooo x x x x x
matches.show                   /matches/{talking}                          - oo oo. . oo. o . o . .
matches.show                   /matches/{agreed}                           - oo oo. . oo. o . o . .
matches.show                   /matches/{panel}                            - oo oo. . oo. o o o . .
matches.terms                  /matches/{talking}/terms                    - oo oo. . xx. x . x . .
matches.counter                /matches/{talking}/counter                  - oo oo. . xx. x . x . .
matches.one_provider           /matches/{talking}/one-provider             - oo xx. . xx. x . x . .
matches.panel                  /matches/{panel}/panel                      - xx xx. . xx. x o x . .
matches.papers                 /matches/{panel}/papers                     - xx xx x x oo. x o o x x
matches.minutes                /matches/{panel}/minutes                    - oo oo. . oo. o o o . .
matches.minutes                /matches/{agreed}/minutes                   - !! !!. . !!. ! . ! . .
matches.press                  /matches/{agreed}/decline                   - ?x ?x. . xx. x . x . .
matches.press                  /matches/{agreed}/send_back                 - xx xx. . ??. x . x . .
matches.press                  /matches/{talking}/approve                  - xx xx. . !!. x . x . .
recordings.index               /agreed-elsewhere                           - oo oox o ooo x x x x x
recordings.new                 /agreed-elsewhere/new                       - oo oox o xxx x x x x x
recordings.upload              /agreed-elsewhere/sheet                     - oo oox o xxx x x x x x
recordings.empty_sheet         /agreed-elsewhere/empty-sheet.csv           - oo oox o xxx x x x x x
recordings.send_all            /agreed-elsewhere/send-all                  - >> >>x > xxx x x x x x
recordings.show                /agreed-elsewhere/{recorded}                - .. oo. . ... . . . . .
recordings.show                /agreed-elsewhere/{confirmed}               - oo oo. . oo. . . . . .
recordings.change              /agreed-elsewhere/{recorded}/change         - .. oo. . ... . . . . .
recordings.change              /agreed-elsewhere/{confirmed}/change        - xx !!. . xx. . . . . .
recordings.day                 /agreed-elsewhere/{recorded}/days           - .. oo. . ... . . . . .
recordings.remove_day          /agreed-elsewhere/{confirmed}/days/1/remove - xx !!. . xx. . . . . .
recordings.press               /agreed-elsewhere/{confirmed}/send_back     - xx xx. . ??. . . . . .
recordings.press               /agreed-elsewhere/{confirmed}/send          - xx !!. . xx. . . . . .
partnerships.index             /partnerships                               - oo ooo o ooo o o o o o
partnerships.download          /partnerships.csv                           - oo ooo o ooo o o o o o
partnerships.show              /partnerships/{partnership}                 - oo ooo . oo. o . o . .
partnerships.story             /partnerships/{partnership}/story           - oo ooo . oo. o . o . .
partnerships.move_days         /partnerships/{partnership}/move-days       - oo oox . xx. x . x . .
partnerships.begin             /partnerships/{partnership}/begin           - !! !!x . xx. x . x . .
partnerships.press             /partnerships/{partnership}/pause           - ?x ?xx . xx. x . x . .
agreements.show                /partnerships/{partnership}/agreement       - oo ooo . oo. o . o . .
agreements.write               /agreements/{agreement}/write               - !! !!x . xx. x . x . .
agreements.press               /agreements/{agreement}/agree               - !x !xx . xx. x . x . .
agreements.index               /partnerships/{partnership}/leads           - oo ooo . oo. o . o . .
agreements.change           /partnerships/{partnership}/leads/lead/{theme} - oo oox . xx. x . x . .
agreements.change              /partnerships/{partnership}/leads/lead/0    - .. ..x . xx. x . x . .
agreements.kick_off            /partnerships/{partnership}/kick-off        - oo ooo . oo. o . o . .
agreements.context             /partnerships/{partnership}/context         - oo ooo . oo. x . x . .
plans.show                     /partnerships/{partnership}/plan            - oo ooo . oo. o . o . .
plans.compare                  /partnerships/{partnership}/plan/compare    - oo ooo . oo. o . o . .
plans.revise                   /partnerships/{partnership}/plan/revise     - !! !!x . xx. x . x . .
plans.version                  /plans/{plan}                               - oo ooo . oo. . . . . .
plans.objective                /plans/{plan}/objectives/0                  - oo oox . xx. . . . . .
plans.objective                /plans/{plan}/objectives/99                 - .. ..x . xx. . . . . .
plans.activity                 /plans/{plan}/objectives/1/activities/0    - oo oox . xx. . . . . .
plans.measure                  /plans/{plan}/objectives/1/measures/1      - oo oox . xx. . . . . .
plans.taper                    /plans/{plan}/taper                         - oo oox . xx. . . . . .
plans.drop                     /plans/{plan}/drop/nothing/1/0              - .. ..x . xx. . . . . .
plans.press                    /plans/{plan}/replace                       - .. ... . ... . . . . .
phases.resume                /partnerships/{partnership}/resume            - !x !xx . xx. x . x . .
phases.vary                  /partnerships/{partnership}/vary              - oo oox . xx. x . x . .
extensions.propose           /partnerships/{partnership}/extend            - oo oox . xx. x . x . .
extensions.show              /extensions/{extension}                       - oo ooo . oo. o . o . .
extensions.press             /extensions/{extension}/agree                 - !x !xx . xx. x . x . .
extensions.vote              /extensions/{extension}/vote                  - xx xxx . xx. x . x . .
endings.show                 /partnerships/{partnership}/ending            - oo ooo . oo. o . o . .
endings.show                 /partnerships/{over}/ending                  - oo ooo . oo. o . o . .
endings.hand_over            /partnerships/{partnership}/ending/strands/1  - oo oox . xx. x . x . .
endings.hand_over            /partnerships/{partnership}/ending/strands/99 - .. ..x . xx. x . x . .
endings.tests                /partnerships/{partnership}/ending/tests      - !! !!x . xx. x . x . .
endings.why                  /partnerships/{partnership}/ending/why        - !! !!x . xx. x . x . .
endings.report               /partnerships/{over}/ending/report           - oo oox . xx. x . x . .
endings.read                 /partnerships/{over}/ending/report/read      - oo xxx . xx. x . x . .
endings.look_back            /partnerships/{over}/ending/look-back        - !! xxx . xx. x . x . .
support_days.index             /days                                       - oo ooo o ooo o o o o o
support_days.download          /days.csv                                   - oo ooo o ooo o o o o o
support_days.download          /days.xlsx                                  - oo ooo o ooo o o o o o
support_days.of_one            /partnerships/{partnership}/days            - oo ooo . oo. o . o . .
support_days.download_of_one   /partnerships/{partnership}/days.csv        - oo ooo . oo. o . o . .
support_days.download_of_one   /partnerships/{partnership}/days.xlsx       - oo ooo . oo. o . o . .
support_days.log               /partnerships/{partnership}/log             - oo ooo . xx. x . x . .
support_days.log_several       /partnerships/{partnership}/log-several     - oo ooo . xx. x . x . .
support_days.confirm           /partnerships/{partnership}/days/confirm    - oo ooo . xx. x . x . .
support_days.press             /days/{day}/answer                          - xx ??? . xx. x . x . .
support_days.press             /days/{day}/void                            - xx ??? . xx. x . x . .
extras.propose                 /partnerships/{partnership}/extra           - oo oox . xx. x . x . .
extras.press                   /extras/{extra}/decline                     - xx ?xx . xx. x . x . .
day_imports.template           /days/template.xlsx                         - oo ooo o ooo o o o o o
day_imports.new                /partnerships/{partnership}/days/import     - oo ooo . xx. x . x . .
day_imports.show               /days/imports/{day_import}                  - .. ooo . ... . . . . .
day_imports.press              /days/imports/{day_import}/set_aside        - .. >!! . ... . . . . .
feedback.answer                /partnerships/{partnership}/feedback        - oo xxx . xx. x . x . .
reviews.index                  /partnerships/{partnership}/reviews         - oo ooo . oo. o . o . .
reviews.show                   /reviews/{review}                           - oo oo. . ... . . . . .
reviews.show                   /reviews/{held_review}                      - oo oo. . ... . . . . .
reviews.answer                 /reviews/{review}/answer                    - oo oo. . ... . . . . .
reviews.answer                 /reviews/{held_review}/answer               - !! !!. . ... . . . . .
reviews.record                 /reviews/{review}/record                    - !! !!. . ... . . . . .
reviews.finish_decision        /reviews/{held_review}/decisions/999999     - !! !!. . ... . . . . .
reviews.begin                  /partnerships/{ended}/reviews               - !! !!x . xx. x . x . .
reviews.press                  /reviews/{held_review}/renew                - !! !!. . ... . . . . .
dashboards.show                /dashboard                                  - xx xxx x ooo o x o x x
dashboards.picture             /dashboard/who-gives-to-whom                - xx xxx x ooo o x o x x
dashboards.picture             /dashboard/underspend                       - xx xxx x ... . x o x x
dashboards.download            /dashboard/days-by-quarter.csv              - xx xxx x ooo o x o x x
dashboards.download            /dashboard/days-by-provider.csv             - xx xxx x ... . x o x x
health.board                   /health-board                               - xx xxx x ooo o x o x x
health.download                /health-board.csv                           - xx xxx x ooo x x o x x
feedback.show                  /partnerships/{partnership}/how-it-went     - oo ooo . oo. o . o . .
feedback.learned               /partnerships/{partnership}/learned         - xx oox . xx. x . x . .
feedback.index                 /feedback                                   - oo oox o ooo o x o x x
feedback.download              /feedback.csv                               - oo oox o ooo o x o x x
capacity_index.show            /capacity-index                             - ox oxx o ooo x x x x x
capacity_index.show            /capacity-index?region=E12000007            - .x .xx . ... x x x x x
capacity_index.download        /capacity-index.csv?for=board               - ox oxx o ooo x x x x x
capacity_index.wants           /capacity-index/wants.csv                   - ox oxx o ooo x x x x x
learning.index                 /what-we-are-learning                       - oo ooo o ooo o o o o o
learning.download              /what-we-are-learning.csv                   - oo ooo o ooo o o o o o
pulse.ask                      /partnerships/{partnership}/pulse           - !! !!x . xx. x . x . .
pulse.ask                      /partnerships/{ended}/pulse                 - oo oox . xx. x . x . .
pulse.show                     /pulses/{pulse}                             - oo oo. . ... . . . . .
pulse.more                     /pulses/{pulse}/more                        - oo oo. . ... . . . . .
pulse.links                    /pulses/links                               - >> >>> > >>> > > > > >
pulse.press                    /pulses/{pulse}/stop_links                  - ?? ??. . ... . . . . .
pulse.answer                   /pulse/{link}                               o oo ooo o ooo o o o o o
pulse.answer                   /pulse/guessed/guessed                      . .. ... . ... . . . . .
pulse.thanks                   /pulse/thanks                               o oo ooo o ooo o o o o o
showings.index                 /to-read                                    - oo ooo o ooo o o o o o
showings.show                  /to-read/{showing}                          - .. oo. . ... . . . . .
partnerships.review            /partnerships/{partnership}/review          - xx xxx . !!. x . x . .
facts.index                    /facts                                      - xx xxx x xxx x x x x o
facts.new                      /facts/imports/new                          - xx xxx x xxx x x x x o
facts.show                     /facts/imports/{import}                     - xx xxx x xxx x x x x o
facts.press                    /facts/imports/{import}/nothing             - xx xxx x xxx x x x x .
facts.succession               /facts/succession                           - xx xxx x xxx x x x x o
facts.succeed                  /facts/succession/{leeds}?first=E10000012   - xx xxx x xxx x x x x o
exceptions.index               /exceptions                                 - xx xxx x ooo o x o x x
exceptions.new                 /exceptions/new                             - xx xxx x ooo x x x x x
exceptions.show                /exceptions/{exception}                     - o. ... . oo. o . o . .
exceptions.press               /exceptions/{exception}/end                 - x. ... . ??. x . x . .
returns.index                  /returns                                    - oo ooo o ooo o o o o o
returns.show                   /returns/{return}                           - .. oo. . ... . . o . .
returns.write                  /returns/{return}/write                     - .. oo. . ... . . x . .
returns.certify                /returns/{return}/certify                   - .. ox. . ... . . x . .
returns.about                  /returns/{return}/about/999999              - .. ... . ... . . x . .
returns.show_sections          /returns/{certified}/show-sections          - .. !!. . ... . . x . .
returns.section                /returns/sections/999999                    - .. ... . ... . . . . .
returns.records                /returns/{return}/records                   - .. oo. . ... . . o . .
returns.version_records        /returns/{certified}/versions/1/records     - .. oo. . ... . . o . .
returns.version                /returns/{certified}/versions/1             - .. oo. . ... . . o . .
returns.start                  /returns/start                              - .. ... . ... . . . . .
returns.press                  /returns/{return}/reopen                    - .. xx. . ... . . ! . .
returns.press                  /returns/{certified}/reopen                 - .. xx. . ... . . ! . .
grants.index                   /programme/{pip}/grants                     - xx xxx x xxx x x o x x
grants.new                     /programme/{pip}/grants/new                 - xx xxx x xxx x x o x x
grants.show                    /grants/{grant}                             - .. oo. . ... . . o . .
grants.change                  /grants/{grant}/change                      - .. xx. . ... . . o . .
grants.pay                     /grants/{grant}/pay                         - .. xx. . ... . . o . .
grants.take_back               /grants/{grant}/payments/{payment}/take-back - .. xx. . ... . . o . .
api.openapi                    /api/v1/openapi.json                        o oo ooo o ooo o o o o o
api.offers                     /api/v1/offers                              o oo ooo o ooo o o o o o
api.offer                      /api/v1/offers/{offer}                      o oo ooo o ooo o o o o o
api.offer                      /api/v1/offers/{draft}                      . .. ... . ... . . . . .
api.returns                    /api/v1/returns                             k kk kkk k kkk k k k k k
api.return                     /api/v1/returns/{return}                    k kk kkk k kkk k k k k k
api.days                       /api/v1/days                                k kk kkk k kkk k k k k k
api.day                        /api/v1/days/{day}                          k kk kkk k kkk k k k k k
api.partnerships               /api/v1/partnerships                        k kk kkk k kkk k k k k k
api.partnership                /api/v1/partnerships/{partnership}          k kk kkk k kkk k k k k k
api_tokens.index               /programme/{pip}/tokens                     - xx xxx x xxx x x o x x
api_tokens.new                 /programme/{pip}/tokens/new                 - xx xxx x xxx x x o x x
api_tokens.show                /programme/tokens/{token}                   - xx xxx x xxx x x o x x
api_tokens.press               /programme/tokens/{token}/make              - xx xxx x xxx x x . x x
programmes.index               /programmes                                 - xx xxx x xxx x x x x o
programmes.new                 /programmes/new                             - xx xxx x xxx x x x x o
programmes.show                /programmes/{pip}                           - .. ... . ... . . o . o
programmes.change              /programmes/{pip}/change                    - xx xxx x xxx x x x x o
programme.index                /programme                                  - xx xxx x xxx x x o x x
programme.policy               /programme/{pip}/policy                     - xx xxx x xxx x x o x x
programme.try_policy           /programme/{pip}/policy/preview             - xx xxx x xxx x x ? x x
programme.save_policy          /programme/{pip}/policy                     - xx xxx x xxx x x ? x x
programme.quarter              /programme/{pip}/{last}                     - xx xxx x xxx x x o x x
programme.remind               /programme/{pip}/9999/remind                - xx xxx x xxx x x . x x
programme.note                 /programme/{pip}/{last}/notes/999999        - xx xxx x xxx x x . x x
programme.freeze               /programme/{pip}/{last}/freeze              - xx xxx x xxx x x o x x
programme.do_freeze            /programme/{pip}/9999/freeze                - xx xxx x xxx x x . x x
programme.frozen               /programme/freezes/{freeze}                 - .. ... . ... . . o . .
programme.changes              /programme/freezes/{freeze}/changes         - .. ... . ... . . o . .
programme.pack                 /programme/{pip}/{last}/pack.xlsx           - xx xxx x xxx x x o x x
programme.frozen_pack          /programme/freezes/{freeze}/pack.zip        - .. ... . ... . . o . .
programme.download             /programme/freezes/{freeze}.csv             - .. ... . ... . . o . .
rounds.index                   /rounds                                     - xx xxx x ooo x x o x x
rounds.new                     /rounds/new                                 - xx xxx x ooo x x o x x
rounds.show                    /rounds/{round}                             - xx xxx x oo. x x . x x
rounds.download                /rounds/{round}.csv                         - xx xxx x oo. x x . x x
rounds.press                   /rounds/{round}/cancel                      - xx xxx x !!. x x . x x
rounds.adopt                   /rounds/{round}/adopt                       - xx xxx x oo. x x . x x
rounds.do_adopt                /rounds/999999/adopt                        - xx xxx x ... x x . x x
rounds.edit                    /rounds/{round}/edit                        - xx xxx x oo. x x . x x
rounds.take_out                /rounds/{round}/take-out                    - xx xxx x !!. x x . x x
rounds.undo                    /rounds/999999/undo                         - xx xxx x ... x x . x x
rounds.keep                    /rounds/{round}/keep                        - xx xxx x !!. x x . x x
rounds.again                   /rounds/999999/again                        - xx xxx x ... x x . x x
rounds.further                 /rounds/{round}/further                     - xx xxx x >>. x x . x x
rounds.compare                 /rounds/{round}/compare/{round}             - xx xxx x oo. x x . x x
rounds.ask_days                /rounds/{round}/ask-days                    - xx xxx x ... x x . x x
"""


def _lines() -> list[tuple[str, str, list[str]]]:
    """(endpoint, address, one letter per kind) for every line of the table."""
    lines = []
    for line in ACCESS.strip().splitlines():
        endpoint, address, letters = line.split(maxsplit=2)
        lines.append((endpoint, address, list(letters.replace(" ", ""))))
    return lines


def test_every_endpoint_stands_in_the_table(app: Flask) -> None:
    listed = {endpoint for endpoint, _, _ in _lines()}
    known = {rule.endpoint for rule in app.url_map.iter_rules()}
    known -= {name for name in known if name.startswith("try_")} | {"static"}
    assert listed == known


def test_every_line_speaks_of_every_kind_of_person() -> None:
    for endpoint, address, letters in _lines():
        assert len(letters) == len(KINDS), f"{endpoint} {address}: {len(letters)} letters"


def _got(client: PageClient, app: Flask, endpoint: str, address: str) -> str:
    """The letter of what this person gets at an address."""
    g.pop("_login_user", None)  # the tests' context outlives a request, and who asked with it
    methods = {
        method
        for rule in app.url_map.iter_rules()
        if rule.endpoint == endpoint
        for method in rule.methods or ()
    }
    if "GET" in methods:
        answer = client.browser.get(address)
    else:
        token = client.token()
        answer = client.browser.post(address, data={"csrf_token": token})
    db.session.rollback()
    if answer.status_code == 302:
        return "-" if (answer.location or "").startswith("/sign-in") else ">"
    return next(
        (k for k, v in STATUS.items() if v == answer.status_code), f"({answer.status_code})"
    )


def test_everybody_gets_exactly_what_the_table_says(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config["PACES"], "programs", 1_000_000)
    ids = stage.set_up()
    before = stage.states()
    wrong = []
    for number, kind in enumerate(KINDS):
        client = PageClient(app)
        for endpoint, address, letters in _lines():
            if endpoint == "account.sign_out":
                continue
            if kind != "nobody":
                client.sign_in(kind)
            got = _got(client, app, endpoint, address.format(**ids))
            if got != letters[number]:
                wrong.append(f"{endpoint} {address}: {kind} gets {got}, not {letters[number]}")
    assert not wrong, "\n".join(wrong)
    assert stage.states() == before, "looking changed something"


@pytest.mark.postgres(only=True)
def test_every_page_opens_on_the_other_database_too(app: Flask) -> None:
    ids = stage.set_up()
    wrong = []
    for endpoint, address, letters in _lines():
        if "o" in letters:
            kind, client = KINDS[letters.index("o")], PageClient(app)
            if kind != "nobody":
                client.sign_in(kind)
            if (got := _got(client, app, endpoint, address.format(**ids))) != "o":
                wrong.append(f"{endpoint} {address}: {kind} gets {got}")
    assert not wrong, "\n".join(wrong)
