from addons.safety.memory import Memory


def test_makes_a_result_once_for_each_key():
    made = []
    memory = Memory[int]()

    results = [memory.recall(key, lambda x: made.append(x) or x, key) for key in "aba"]

    assert results == ["a", "b", "a"]
    assert made == ["a", "b"]


def test_forgets_the_result_that_was_not_asked_for_longest():
    made = []
    memory = Memory[int](most=2)

    for key in "abaca":
        memory.recall(key, lambda x: made.append(x) or x, key)
    memory.recall("b", made.append, "b")

    assert made == ["a", "b", "c", "b"]
