"""What the README tells is true: its tool works as it stands there, and its commands exist."""

import re
from pathlib import Path

import typer

from agents.roster import roster
from ui.cli.main import app

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def test_the_tool_of_the_readme_reaches_its_agent(tmp_path):
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    (tmp_path / "weather.py").write_text(code, encoding="utf-8")

    team = {agent.name: agent for agent in roster(str(tmp_path))}

    assert "weather_now" in {tool.__name__ for tool in team["trend_analyst"].tools}


def test_every_command_of_the_readme_exists():
    known = set(typer.main.get_command(app).commands)

    assert set(re.findall(r"\bstocksense (\w+)", README)) <= known | {"ask"}


def test_every_script_of_the_readme_exists():
    scripts = set(re.findall(r"\./scripts/(\w+)", README))

    assert scripts
    assert all((Path(__file__).parent.parent / "scripts" / name).exists() for name in scripts)
