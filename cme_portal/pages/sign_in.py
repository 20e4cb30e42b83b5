"""The form of the sign-in page; in a demonstration it offers the demonstration's accounts and fills one in."""

from dataclasses import dataclass
from typing import Any

from allauth.account.forms import LoginForm
from django.conf import settings

from cme_portal.demo.accounts import ACCOUNTS, PASSWORD
from cme_portal.demo.geography import PLANS


@dataclass(frozen=True, slots=True)
class DemoAccount:
    account: str
    role: str


@dataclass(frozen=True, slots=True)
class DemoProvince:
    """The accounts of one province; ``current`` when one of them has just been filled in."""

    province: str
    accounts: list[DemoAccount]
    current: bool


class SignInForm(LoginForm):
    """A phone number or a staff account, and the password; in a demonstration ?account= fills both in."""

    demo_password = PASSWORD

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "手机号或工作账号"
        self.fields["login"].widget.attrs.pop("placeholder", None)
        self.fields["password"].widget.attrs.pop("placeholder", None)
        self.chosen = self.request.GET.get("account", "") if settings.DEMO_MODE and self.request else ""
        if self.chosen:
            self.initial.update(login=self.chosen, password=PASSWORD)
            self.fields["password"].widget.render_value = True

    @property
    def demo_accounts(self) -> list[DemoProvince]:
        return [self._province(plan.name, plan.letters, number) for number, plan in enumerate(PLANS, start=1)]

    def _province(self, name: str, letters: str, number: int) -> DemoProvince:
        accounts = [DemoAccount(account.sign_in(letters, number), account.label) for account in ACCOUNTS]
        return DemoProvince(name, accounts, current=any(known.account == self.chosen for known in accounts))
