"""The table of recruiting platforms, whole: which address of each passes an answer on, and at which it is lost."""

from pathlib import Path
from typing import Any

import pytest

import rules.senders
from rules.senders import Reach, is_freemail, is_platform, is_robot, platform_of, reach, tenant
from rules.source import read_file

TABLE: Any = read_file(Path(rules.senders.__file__).parent / "senders.yaml").plain()
DOMAINS = [(platform, domain) for platform in TABLE["platforms"] for domain in platform["domains"]]

RELAYS = {
    "Ashby": "acme.talent@ashbyhq.com",
    "iCIMS": "acme+email+3x9kd-2f@talent.icims.com",
    "Workable": "zxcvb12345qwert@workablemail.com",
    "Teamtailor": "candidate-0f3c2a-77@message.teamtailor.com",
    "Personio": "acme+candidate-1234@m.personio.de",
    "BambooHR": "acme+job+123-456@app.bamboohr.com",
    "JazzHR": "recruiting+a7b@applytojob.com",
    "Jobvite": "k3j2h4g5f6d7s8a9q1@jobvite.com",
    "Breezy HR": "ana-sousa-3@acme.breezy-mail.com",
    "Recruitee": "job.x7f3@acme.recruitee.com",
    "Pinpoint": "acme-x1y2@pinpoint.email",
    "Comeet": "ana.3f@acme.comeet-notifications.com",
    "join.com": "abc-123@msg.join.com",
    "Wellfound": "u-123@remail.wellfound.com",
    "HRMOS": "12345.candidate@acme.n-ats.hrmos.co",
    "recruitmail.com": "x@acme.recruitmail.com",
    "LinkedIn": "hit-reply@linkedin.com",
    "Indeed": "ana-x7_z@indeedemail.com",
    "TalentLyft": "a1@talentlyft.com",
    "Zoho Recruit": "acme@zohorecruitmail.com",
    "Bullhorn": "r1@bullhornmail.com",
    "Homerun": "acme@homerun.co",
}

NOBODY = {
    "Greenhouse": "no-reply@us.greenhouse-mail.io",
    "Lever": "no-reply@hire.lever.co",
    "Workday": "acme@myworkday.com",
    "SmartRecruiters": "notification@smartrecruiters.com",
    "SAP SuccessFactors": "system@successfactors.eu",
    "Oracle Recruiting": "acme.fa.sender@workflow.mail.em2.cloud.oraclecloud.com",
    "Taleo": "acme-jobs@invalidemail.taleo.net",
    "iCIMS": "acme@talent.icims.com",
    "Workable": "noreply@candidates.workablemail.com",
    "Teamtailor": "no-reply@teamtailor.com",
    "Personio": "acme@personio.de",
    "BambooHR": "notifications@app.bamboohr.com",
    "Jobvite": "notification@jobvite.com",
    "LinkedIn": "jobs-noreply@linkedin.com",
    "Indeed": "indeedapply@indeed.com",
    "Rippling": "no-reply@ats.rippling.com",
    "Cornerstone": "acme@csod.com",
    "Paycom": "systemmessage@paycomonline.com",
    "Paylocity": "acme@paylocity.com",
    "UKG": "acme@ultipro.com",
    "ADP": "acme@adp.com",
    "XING": "jobs@xing.com",
    "StepStone": "jobagent@stepstone.de",
    "softgarden": "acme@softgarden.io",
    "onlyfy": "acme@onlyfy.jobs",
    "Welcome to the Jungle": "acme@welcometothejungle.com",
    "Assessments": "support@hackerrankforwork.com",
    "Scheduling": "anything@calendly.com",
}


def owner(address: str) -> str | None:
    platform = platform_of(address.rpartition("@")[2])
    return platform.name if platform else None


@pytest.mark.parametrize(("platform", "address"), RELAYS.items())
def test_a_relay_passes_on_to_a_person(platform: str, address: str) -> None:
    """An answer to it arrives."""
    assert (reach(address), owner(address)) == (Reach.RELAY, platform)


@pytest.mark.parametrize(("platform", "address"), NOBODY.items())
def test_a_sending_address_reaches_nobody(platform: str, address: str) -> None:
    """It is no correspondent."""
    assert (reach(address), owner(address)) == (Reach.NOBODY, platform)


def test_every_platform_is_looked_at() -> None:
    """A platform that is added to the table needs an address above; one that has relays, one of those."""
    assert {platform["name"] for platform in TABLE["platforms"]} == set(RELAYS) | set(NOBODY)
    relaying = {each["name"] for each in TABLE["platforms"] if each.get("relay") or each["others"] == "relay"}
    assert relaying == set(RELAYS)


@pytest.mark.parametrize(("platform", "domain"), DOMAINS, ids=[domain for _, domain in DOMAINS])
def test_every_domain_of_the_table_is_known(platform: dict[str, Any], domain: str) -> None:
    """In any letter case and for hosts below it, but not for one above or beside it; nobody has a mailbox there."""
    assert {owner(f"x@{each}") for each in (domain, domain.upper(), f"mail.eu.{domain}")} == {platform["name"]}
    assert not is_platform(f"{domain}.example")
    assert not is_platform(domain.rpartition(".")[2])
    assert reach(f"no-reply@{domain}") is Reach.NOBODY
    assert not is_freemail(domain)


@pytest.mark.parametrize(
    "local",
    [
        *("noreply", "no-reply", "no.reply", "no_reply", "NoReply", "donotreply", "do-not-reply", "do.not.reply"),
        *("noreply+123", "no-reply-careers", "careers-noreply", "acme.no-reply", "noreply2", "neverreply"),
        *("nicht-antworten", "bitte-nicht-antworten", "keine-antwort", "ne-pas-repondre", "nepasrepondre"),
        *("no-responder", "no-responda", "non-rispondere", "svara-inte", "niet-beantwoorden"),
        *("mailer-daemon", "MAILER-DAEMON", "postmaster", "bounce", "bounces+x=1", "undeliverable"),
        *("notification", "notifications+abc", "jobalerts", "job-alert", "newsletter", "auto-reply", "autoresponder"),
        *("automated", "system", "update", "career+autoreply", "calendar-notification"),
    ],
)
def test_some_names_read_no_answer_anywhere(local: str) -> None:
    """At any company's own domain too."""
    assert reach(f"{local}@acme.example") is Reach.NOBODY
    assert is_robot(f"{local}@acme.example")


@pytest.mark.parametrize(
    "local",
    [
        *("jane.doe", "j.doe", "careers", "jobs", "hr", "recruiting", "talent", "bewerbung", "info", "office"),
        *("norah.replyn", "noah", "nora.reply-smith", "bouncer.joe", "newsom", "alerta.maria", "systema", "postmann"),
    ],
)
def test_a_person_or_company_mailbox_is_human(local: str) -> None:
    """A name that only resembles a machine's is a person's."""
    assert reach(f"{local}@acme.example") is Reach.HUMAN
    assert not is_robot(f"{local}@acme.example")


@pytest.mark.parametrize("address", ["@", "jane", "jane@", "@acme.example", "a" * 400 + "@acme.example"])
def test_what_is_no_address_reaches_nobody(address: str) -> None:
    """Nobody is better than a letter to nowhere."""
    assert reach(address) is Reach.NOBODY


def test_a_machines_name_is_no_employers() -> None:
    """Where the address names the employer, a no-reply address still names none."""
    assert tenant("Acme@MyWorkday.com") == "acme"
    assert tenant("no-reply@myworkday.com") is None
    assert tenant("acme+autoreply@talent.icims.com") is None
    assert tenant("x7f3@acme.recruitee.com") == "acme"
    assert tenant("x7f3@recruitee.com") is None
