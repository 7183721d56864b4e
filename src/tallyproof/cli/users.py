"""``tallyproof user``: who may sign in to the pages."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from tallyproof.cli import options
from tallyproof.errors import RequestError

if TYPE_CHECKING:
    from types import ModuleType

    from tallyproof.services.workspace import Workspace

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The name to sign in with; blanks are fine.")]
Role = Annotated[
    str,
    typer.Option("--role", help="administrator (everything), official (acts on cases), reader (reads them)."),
]
Cases = Annotated[
    list[str] | None, typer.Option("--case", "-c", help="A case to take part in; may be given again.")
]
Stdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input, for scripts.")
]


@app.command("add", help="Give somebody an account; the password is asked for twice and not shown.")
def add(
    name: Name,
    role: Role = "official",
    case: Cases = None,
    password_stdin: Stdin = False,
    home: options.Home = None,
) -> None:
    """Make an account. Nobody has a default password."""
    from tallyproof.cli import show

    workspace, people = _open(home)
    chosen = list(case or [])
    _require_cases(workspace, chosen)
    people.require_addable(workspace, name, role)
    made = people.add(workspace, name, role, _password(password_stdin), chosen)
    show.say(f"{made.name} can sign in as {made.role.value}; entries in the ledger say {made.actor}.")
    if made.role == "administrator":
        show.say("Next: tallyproof serve, then sign in at the top of any page.")
    elif not made.cases:
        show.say(f"No case yet. Add one with: tallyproof user cases '{made.name}' CASE")


@app.command("list", help="Everybody who has an account.")
def list_users(home: options.Home = None, json: options.Json = False) -> None:
    """One line per account, the disabled ones too."""
    from tallyproof.cli import show

    workspace, people = _open(home)
    found = people.people(workspace)
    if json:
        show.as_json(
            [
                {
                    "name": each.name,
                    "actor": each.actor,
                    "role": each.role.value,
                    "active": each.is_active,
                    "cases": list(each.cases),
                }
                for each in found
            ]
        )
    elif not found:
        show.say("No accounts yet. Make the first: tallyproof user add NAME --role administrator")
    else:
        show.table(
            ["name", "role", "cases", "in the ledger", ""],
            [
                (
                    each.name,
                    each.role.value,
                    "all" if each.role == "administrator" else ", ".join(each.cases) or "none",
                    each.actor,
                    "" if each.is_active else "disabled",
                )
                for each in found
            ],
        )


@app.command("password", help="Give somebody another password.")
def password(name: Name, password_stdin: Stdin = False, home: options.Home = None) -> None:
    """Set a password; whoever is signed in with the old one is signed out."""
    from tallyproof.cli import show

    workspace, people = _open(home)
    people.find(workspace, name)
    found = people.set_password(workspace, name, _password(password_stdin))
    show.say(f"{found.name} has another password, and is signed out everywhere.")


@app.command("cases", help="Say which cases somebody takes part in; the others are taken away.")
def cases(
    name: Name,
    case: Annotated[
        list[str] | None, typer.Argument(metavar="CASE…", help="Cases; none leaves none.")
    ] = None,
    home: options.Home = None,
) -> None:
    """Set the cases of an official or a reader."""
    from tallyproof.cli import show

    workspace, people = _open(home)
    _require_cases(workspace, list(case or []))
    found = people.set_cases(workspace, name, case or [])
    show.say(f"{found.name} takes part in: {', '.join(found.cases) or 'no case'}.")


@app.command("role", help="Give somebody another role.")
def role(
    name: Name,
    role: Annotated[str, typer.Argument(metavar="ROLE", help="administrator, official or reader.")],
    home: options.Home = None,
) -> None:
    """Change a role."""
    from tallyproof.cli import show

    workspace, people = _open(home)
    found = people.set_role(workspace, name, role)
    show.say(f"{found.name} is {found.role.value} from now on.")


@app.command("remove", help="Keep somebody from signing in; what they did stays in the ledger.")
def remove(name: Name, home: options.Home = None) -> None:
    """Disable an account at once."""
    from tallyproof.cli import show

    workspace, people = _open(home)
    found = people.disable(workspace, name)
    show.say(f"{found.name} can no longer sign in. Undo it with: tallyproof user restore '{found.name}'")


@app.command("restore", help="Let somebody who was removed sign in again.")
def restore(name: Name, home: options.Home = None) -> None:
    """Enable an account."""
    from tallyproof.cli import show

    workspace, people = _open(home)
    found = people.enable(workspace, name)
    show.say(f"{found.name} can sign in again.")


def _open(home: options.Home) -> tuple[Workspace, ModuleType]:
    from tallyproof.web.django_setup import configure

    workspace = options.workspace(home)
    configure()
    from tallyproof.web.accounts import people

    return workspace, people


def _require_cases(workspace: Workspace, wanted: list[str]) -> None:
    from tallyproof.services import access, cases

    for each in wanted:
        cases.state(workspace, access.terminal(), each)


def _password(from_stdin: bool) -> str:
    """The password, typed twice without being shown, or the first line of standard input."""
    if from_stdin:
        given = sys.stdin.readline().rstrip("\r\n")
        if not given:
            raise RequestError("No password came on standard input. Write it as one line.")
        return given
    if not sys.stdin.isatty():
        raise RequestError("There is no terminal to ask for a password. Use --password-stdin.")
    from getpass import getpass

    first = getpass("Password (at least 12 letters, digits or signs; not shown): ")
    if first != getpass("The same password again: "):
        raise RequestError("The two passwords differ. Nothing was changed; try again.")
    return first
