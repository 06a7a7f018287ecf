"""What a sweep will do, read off the settings."""

import pytest

from collectors.discovery.plan import PlanError, plan_sweep
from config.sections import Settings


@pytest.fixture
def district():
    """Two communes, one with ranges."""

    def make(**how):
        inside = {"version": "v2c", "community": "public", "networks": ["10.20.0.0/16"]}
        return Settings.model_validate(
            {
                "credentials": {
                    "lan": inside,
                    "other": {**inside, "networks": ["10.0.0.0/8"]},
                },
                "communes": [{"code": "22849"}, {"code": "22852"}],
                "discovery": {
                    "communes": [
                        {
                            "code": "22849",
                            "ranges": ["10.20.0.0/30", "10.20.1.5"],
                            "exclude": ["10.20.0.2"],
                            "credentials": ["other", "lan"],
                        }
                    ],
                    **how,
                },
            }
        )

    return make


def test_a_communes_addresses_come_in_the_order_of_its_ranges_without_the_excluded(district):
    plan = plan_sweep(district(), "22849")
    assert plan.addresses == ("10.20.0.1", "10.20.1.5")
    assert list(plan.credentials) == ["other", "lan"]
    assert plan.commune == "22849"


def test_a_range_by_hand_takes_the_rules_of_the_commune_that_it_lies_in(district):
    plan = plan_sweep(district(), "10.20.0.1-10.20.0.3")
    assert plan.addresses == ("10.20.0.1", "10.20.0.3")
    assert (list(plan.credentials), plan.commune) == (["other", "lan"], "22849")


def test_a_range_elsewhere_is_pinged_unless_credentials_are_named(district):
    assert plan_sweep(district(), "10.30.0.0/30").credentials == {}
    assert list(plan_sweep(district(), "10.30.0.0/30", ["other"]).credentials) == ["other"]


@pytest.mark.parametrize(
    ("target", "names", "said"),
    [
        ("10.30.0.0/30", ["lan"], "lan may be offered inside 10.20.0.0/16 only"),
        ("10.20.0.0/30", ["lam"], "there is no credential lam; did you mean lan?"),
        ("22852", [], "22852 has no ranges; give it some under discovery.communes"),
        ("22850", [], "communes with ranges: 22849"),
        ("10.0.0.0/8", [], "at most 4096"),
    ],
)
def test_what_may_not_be_swept_is_refused_with_its_reason(district, target, names, said):
    with pytest.raises(PlanError, match=said):
        plan_sweep(district(), target, names)


def test_by_snmp_alone_nothing_is_found_without_a_credential(district):
    with pytest.raises(PlanError, match="name a credential"):
        plan_sweep(district(find="snmp"), "10.30.0.0/30")


def test_the_digest_is_of_what_is_swept_and_holds_no_secret(district):
    plan = plan_sweep(district(), "22849")
    assert plan.digest == plan_sweep(district(rate=7), "22849").digest
    assert plan.digest != plan_sweep(district(), "22849", ["lan"]).digest
    assert plan.digest != plan_sweep(district(port=1161), "22849").digest
