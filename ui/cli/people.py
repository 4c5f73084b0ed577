"""`stocksense people`: who may log in, and a new password for who has forgotten theirs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from stocksense.store.states import Role
from ui.cli import rooms
from ui.cli.face import Json, console, face_of, new_table, print_json

app = typer.Typer(help="People who may log in.", no_args_is_help=True, rich_markup_mode=None)

Email = Annotated[str, typer.Argument(help="The person's e-mail address.")]
Password = Annotated[
    str,
    typer.Option("--password", prompt=True, confirmation_prompt=True, hide_input=True, help="Else it is asked for."),
]


def add_to(root: typer.Typer) -> None:
    """Put the commands on the command line."""
    root.add_typer(app, name="people")


@app.command("list", epilog="Example: stocksense people list")
def list_people(context: typer.Context, as_json: Json = False) -> None:
    """List who may log in, and as what."""
    face = face_of(context)
    with rooms.opening.open_store(face.settings)() as session:
        found = rooms.users.users(session)
    if as_json:
        print_json(found)
        return
    table = new_table(
        face.words("사람", "People"), face.words("전자우편", "e-mail"), face.words("이름", "name"),
        face.words("역할", "role"), face.words("닫힘", "closed"),
    )  # fmt: skip
    for one in found:
        table.add_row(one.email, one.name, one.role.value, "x" if one.is_disabled else "")
    console.print(table)


@app.command("add", epilog="Example: stocksense people add kim@example.com --name 김 --role manager")
def add(
    context: typer.Context,
    email: Email,
    name: Annotated[str, typer.Option(help="How the person is called.")],
    password: Password,
    role: Annotated[Role, typer.Option(help="What the person may do.")] = Role.OWNER,
) -> None:
    """Add a person, or change the one with that address."""
    face = face_of(context)
    with rooms.opening.open_store(face.settings).begin() as session:
        saved = rooms.users.save_user(
            session, email, name=name, role=role, now=datetime.now(UTC), language=face.language, password=password
        )
    console.print(f"{saved.email}: {saved.role.value}", markup=False)


@app.command("password", epilog="Example: stocksense people password kim@example.com")
def new_password(context: typer.Context, email: Email, password: Password) -> None:
    """Give a person a new password; all browsers of that person are logged out."""
    face = face_of(context)
    with rooms.opening.open_store(face.settings).begin() as session:
        person = rooms.users.user_of(session, email)
        rooms.users.set_password(session, person.id, password)
        ended = rooms.logins.log_out_elsewhere(session, person.id)
    console.print(face.words(f"바꾸었습니다. 로그아웃된 기기: {ended}", f"Changed; logged out: {ended}"))
