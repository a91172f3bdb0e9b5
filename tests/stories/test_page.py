"""docs/stories.md and the tests tell the same stories. What each says there is compared where it is told."""

import inspect
from types import ModuleType

from tests.stories import page, test_the_employer_s_word, test_the_odd_ways, test_the_user_s_word, test_the_usual_ways


def stories_of(module: ModuleType) -> list[str]:
    told = (each for name, each in vars(module).items() if name.startswith("test_"))
    return [inspect.getdoc(each).partition("\n")[0].rstrip(".") for each in told]


def test_the_page_tells_every_story_and_no_other():
    """A story that is gone or renamed leaves the page too."""
    modules = (test_the_usual_ways, test_the_user_s_word, test_the_employer_s_word, test_the_odd_ways)
    told = [title for module in modules for title in stories_of(module)]
    assert len(told) == 12
    assert page.titles() == told
