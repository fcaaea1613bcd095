"""Settings, read once from the environment and passed on as one value."""

from __future__ import annotations

import ipaddress
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """How this installation runs.

    `database_url` is the application role's address: it owns nothing. `external_database` tells whether it came from
    outside (then the demonstration's conveniences are refused). `public_address` is what mails and PDFs link to;
    it is never taken from a request. `ocds_prefix` is the registered beginning of every open contracting id
    (`ocds-` and six letters or digits).
    """

    database_url: str
    var: Path = ROOT / "var"
    demo: bool = True
    external_database: bool = False
    public_address: str = "http://127.0.0.1:8000"
    bureau_name_zh: str = "澄湖区财政局"
    bureau_name_en: str = "Chenghu District Finance Bureau"
    secret_key: str = ""
    smtp_url: str | None = None
    mail_from: str = "no-reply@chenghu.example"
    sms_url: str | None = None
    sms_token: str | None = None
    s3_bucket: str | None = None
    ocds_prefix: str = "ocds-hpdemo"
    paper_key_file: Path | None = None
    paper_key_passphrase: str = field(default="", repr=False)
    max_upload_bytes: int = 300 * 1024 * 1024
    session_minutes: int = 60
    host: str = "127.0.0.1"
    testing: bool = False
    extra: dict[str, object] = field(default_factory=dict)

    @property
    def is_open_demonstration(self) -> bool:
        """Whether anybody at this machine may act as anybody: a demonstration, its own database, loopback only."""
        return self.demo and not self.external_database and is_loopback(self.host)

    @classmethod
    def from_environment(cls) -> Settings:
        """Read the environment; a missing secret key is made once and kept in `var/secrets/` for its owner alone."""
        env = os.environ
        var = Path(env.get("HENGPING_VAR", str(ROOT / "var")))
        host, port = env.get("HOST", "127.0.0.1"), env.get("PORT", "8000")
        return cls(
            database_url=env.get("DATABASE_URL", ""),
            var=var,
            demo=env.get("DEMO", "1") != "0",
            external_database=env.get("HENGPING_EMBEDDED_DATABASE", "0") != "1" and "DATABASE_URL" in env,
            public_address=env.get("PUBLIC_ADDRESS", f"http://{host}:{port}"),
            bureau_name_zh=env.get("BUREAU_NAME_ZH", cls.bureau_name_zh),
            bureau_name_en=env.get("BUREAU_NAME_EN", cls.bureau_name_en),
            secret_key=env.get("SECRET_KEY") or kept_secret(var / "secrets" / "session.key"),
            smtp_url=env.get("SMTP_URL"),
            mail_from=env.get("MAIL_FROM", cls.mail_from),
            sms_url=env.get("SMS_URL"),
            sms_token=env.get("SMS_TOKEN"),
            s3_bucket=env.get("S3_BUCKET"),
            ocds_prefix=env.get("OCDS_PREFIX", cls.ocds_prefix),
            paper_key_file=Path(env["PAPER_KEY_FILE"]) if env.get("PAPER_KEY_FILE") else None,
            paper_key_passphrase=env.get("PAPER_KEY_PASSPHRASE", ""),
            host=host,
            session_minutes=int(env.get("SESSION_MINUTES", str(cls.session_minutes))),
        )


def is_loopback(host: str) -> bool:
    """Whether an address is reached from this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def kept_secret(path: Path) -> str:
    """Return the secret kept in `path`, made on first use and readable by its owner alone."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another process of the same start was quicker
            return path.read_text()
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32))
    return path.read_text()
