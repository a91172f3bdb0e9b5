"""Any story: what must never happen never does, and every clock ends. The plain examples are what was once found."""

import os

from hypothesis import HealthCheck, settings

from tests.agent.story.files import LifeOnFiles
from tests.agent.story.machine import Story

EXAMPLES = int(os.environ.get("AFTERWORD_STORIES", "40"))
"""`make soak` tells more of them."""


class StoryOnFiles(Story):
    """The same on Maildir."""

    life_of = LifeOnFiles


def told(examples: int) -> settings:
    """So many stories of up to forty steps; what fails is shrunk to its smallest form."""
    return settings(
        max_examples=examples,
        stateful_step_count=40,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )


TestStory = Story.TestCase
TestStory.settings = told(EXAMPLES)

TestStoryOnFiles = StoryOnFiles.TestCase
TestStoryOnFiles.settings = told(max(EXAMPLES // 6, 5))
