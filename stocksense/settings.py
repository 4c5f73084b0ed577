"""Every environment variable, read once; the only file that looks at the environment."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What the environment (or a file `.env` in the working directory) says, with our defaults."""

    model_config = SettingsConfigDict(
        env_prefix="STOCKSENSE_",
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        populate_by_name=True,
    )

    home: Path = Field(Path(".stocksense"), description="Folder of all state: database, models, mail files.")
    database_url: str = Field(
        "",
        validation_alias=AliasChoices("DATABASE_URL", "STOCKSENSE_DATABASE_URL"),
        description="PostgreSQL or SQLite URL; empty means SQLite under the home folder.",
    )
    language: Literal["ko", "en"] = Field("ko", description="Language of mails and of the command line.")
    shop: str = Field("", description="Name of the shop to work on; empty means the only or the newest one.")
    tools: str = Field("", description="Folder with further tool files, see the README.")

    upstage_api_key: SecretStr | None = Field(
        None,
        validation_alias=AliasChoices("UPSTAGE_API_KEY", "STOCKSENSE_UPSTAGE_API_KEY"),
        description="Key of Upstage's chat models; empty means the offline model.",
    )
    upstage_api_base: str = Field(
        "https://api.upstage.ai/v1",
        validation_alias=AliasChoices("UPSTAGE_API_BASE", "STOCKSENSE_UPSTAGE_API_BASE"),
        description="Base URL of Upstage's API.",
    )
    model: str = Field("solar-pro4", description="Name of the chat model.")
    model_base_url: str = Field("", description="Base URL of any OpenAI-compatible server, used before Upstage.")
    model_api_key: SecretStr | None = Field(
        None, description="Key for `STOCKSENSE_MODEL_BASE_URL`, if it asks for one."
    )
    model_timeout_seconds: float = Field(60.0, gt=0, description="Seconds to wait for one answer of the chat model.")
    model_retries: int = Field(3, ge=0, le=10, description="How often a busy chat model is asked again.")

    webshop_url: str = Field("", description="Base URL of a running simulated shop; empty means in-process.")
    mall_url: str = Field(
        "",
        description="Base URL of a mall to fill carts at in a browser, for suppliers with the site `mall`.",
    )
    won_per_dollar: Decimal = Field(
        Decimal(1400), gt=0, description="Rate at which the simulated shop's dollars are counted in won."
    )

    safetykorea_base_url: str = Field(
        "https://www.safetykorea.kr/openapi/api", description="Base URL of SafetyKorea's recall API."
    )
    safetykorea_key: SecretStr | None = Field(None, description="SafetyKorea's AuthKey; empty means no recall feed.")
    datalab_base_url: str = Field("https://datalab.naver.com", description="Base URL of Naver DataLab's pages.")
    datalab_enabled: bool = Field(False, description="Whether Naver DataLab's rank lists may be asked.")
    datalab_categories: str = Field(
        "50000006,50000008,50000003", description="Naver's category numbers whose rank lists are read."
    )
    source_timeout_seconds: float = Field(20.0, gt=0, description="Seconds to wait for an outside source.")

    smtp_host: str = Field("", description="Mail server; empty means mails are written as .eml files.")
    smtp_port: int = Field(587, gt=0, lt=65536, description="Port of the mail server.")
    smtp_security: Literal["starttls", "tls", "none"] = Field("starttls", description="How the connection is secured.")
    smtp_user: str = Field("", description="User name at the mail server.")
    smtp_password: SecretStr | None = Field(None, description="Password at the mail server.")
    mail_from: str = Field("stocksense@localhost", description="Sender of mails.")
    mail_to: str = Field("owner@localhost", description="Receivers of mails, separated by commas.")

    chat_days: int = Field(90, gt=0, description="Days for which conversations of the chat are kept.")
    chat_conversations: int = Field(200, gt=0, description="Conversations that are kept of each person, at most.")
    chromium: Path | None = Field(None, description="Chromium to use instead of Playwright's own or the system's.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("WARNING", description="What is logged.")

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        if url and not url.startswith(("sqlite:", "postgresql:", "postgresql+psycopg:", "postgres:")):
            raise ValueError("use a URL that begins with postgresql:// or sqlite:///")
        return url.replace("postgres:", "postgresql:", 1) if url.startswith("postgres:") else url

    @property
    def store_url(self) -> str:
        """The database URL to use: the one that was set, else SQLite under the home folder."""
        return self.database_url or f"sqlite:///{(self.home / 'stocksense.db').absolute()}"


def complaint(error: ValidationError) -> str:
    """What is wrong with which variables, and where they are explained."""
    wrong = "; ".join(f"{variable_name(str(e['loc'][0]))}: {e['msg']}" for e in error.errors())
    return f"{wrong}; see the table of settings in docs/settings.md"


def lend_to_chainlit(home: Path, auth_secret: str) -> None:
    """Tell Chainlit, which reads the environment when it is imported, where its files and its secret are."""
    os.environ["CHAINLIT_APP_ROOT"] = str(home.absolute())
    os.environ["CHAINLIT_AUTH_SECRET"] = auth_secret


def variable_name(name: str) -> str:
    """The environment variable of a field, as the documentation spells it."""
    field = Settings.model_fields.get(name)
    alias = field.validation_alias if field else None
    if isinstance(alias, AliasChoices):
        return str(alias.choices[0])
    return name if name.isupper() else f"STOCKSENSE_{name.upper()}"


def settings_table() -> str:
    """Every setting as a Markdown table: variable, default, meaning."""
    rows = ["| variable | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = "" if field.default in (None, "") else f"`{field.default}`"
        rows.append(f"| `{variable_name(name)}` | {default} | {field.description} |")
    return "\n".join(rows) + "\n"
