"""What a message raises: by itself, with what was said before, and as a yes."""

from collections.abc import Mapping

from addons.safety.asks import GENERAL, Ask
from addons.safety.combinations import met
from addons.safety.heard import Heard, Raised
from addons.safety.rules import RuleBook
from addons.safety.state import SafetyState
from addons.safety.triage import RAISING, rank


class Raising:
    """Finds the flags of a turn.

    Args:
        book: the rules.
        asks: the questions of doubt, by name.
    """

    def __init__(self, book: RuleBook, asks: Mapping[str, Ask]) -> None:
        self._rules = {rule.id: rule for rule in book.rules}
        self._asks = asks

    def flags(self, state: SafetyState, heard: Heard) -> list[Raised]:
        """Returns the flags, the gravest first."""
        flags = {
            flag.id: flag
            for flag in heard.flags
            if flag.id in self._rules and not heard.makes_noise(flag)
        }
        new = {*heard.signs, *(f.id for f in flags.values() if f.status in RAISING)}
        for name, level, names in met(self._rules.values(), {*state.facts, *new}):
            known = flags.get(name)
            higher = known is None or rank(level) > rank(known.level)
            if higher and not new.isdisjoint(names):
                flags[name] = Raised(name, level, "present", "rule", heard.text)
        confirmed = self._confirmed(state, heard)
        if confirmed:
            known = flags.get(confirmed.id)
            if known is None or rank(known.level) < rank(confirmed.level):
                flags[confirmed.id] = confirmed
        return sorted(flags.values(), key=lambda flag: -rank(flag.level))

    def _confirmed(self, state: SafetyState, heard: Heard) -> Raised | None:
        """Returns the flag that a yes or a doubt raises, if a question was open."""
        question = state.question
        asked = question.flag if question and question.kind == "flag" else ""
        if not asked and question is None and heard.reply.changed_to_yes:
            asked = state.denied
        rule = self._rules.get(asked)
        if rule is None or heard.sign_answer not in ("yes", "unsure"):
            return None
        ask = rule.asks or GENERAL
        meant = self._rules.get(self._asks[ask].raises, rule)
        graver = max(meant, rule, key=lambda one: rank(one.level))
        return Raised(graver.id, graver.level, "present", "rule", ask=ask)

    def words(self, flag: Raised, heard: Heard) -> str:
        """Returns the patient's words; a mere yes stands for the question's."""
        if flag.text:
            return heard.text
        ask = flag.ask or self._rules[flag.id].asks or GENERAL
        return self._asks.get(ask, self._asks[GENERAL]).tell
