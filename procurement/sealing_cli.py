"""`flask seal-bid` and `flask unseal-bid`: what the sealing pages do, without a browser and without a database."""

from __future__ import annotations

import hashlib
import json
import mimetypes
import secrets
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

import click

from procurement.sealing import (
    BidFile,
    BidManifest,
    Header,
    KeyPair,
    OpenedBid,
    SealingError,
    fingerprint,
    new_key,
    open_with_secret,
    peel,
    read_header,
    read_key_file,
    seal,
    write_key_file,
)
from procurement.sealing.errors import NotAKeyholder
from procurement.sealing.keys import is_locked
from procurement.sealing.manifest import safe_name
from procurement.sealing.opening import is_secret_of, unwrap
from procurement.sealing.statement import read_statement

PATH = click.Path(path_type=Path)


def _fail(error: SealingError | str) -> None:
    click.echo(f"✗ {error.zh}\n  {error.en}" if isinstance(error, SealingError) else f"✗ {error}", err=True)
    sys.exit(2)


@click.command("seal-bid", short_help="密封投标文件 / seal a bid")
@click.option("--tender", "tender_file", type=PATH, required=True, help="采购项目页下载的 tender.json / from its page")
@click.option("--bidder", required=True, help="投标人标识 / the bidder's id, as the bid page shows it")
@click.option("--price", required=True, help="报价（元） / price in yuan")
@click.option("--terms", default="", help="主要条款 / main terms for the opening sheet")
@click.option("--statement", "statement_file", type=PATH, help="声明 JSON（docs/sealing.md） / the statement, as JSON")
@click.option("--bidder-key", type=PATH, required=True, help="本单位密钥文件，不存在则新建 / made when it is not there")
@click.option("-o", "--output", type=PATH, required=True)
@click.argument("files", nargs=-1, type=PATH, required=True)
def seal_bid_command(
    *,
    tender_file: Path,
    bidder: str,
    price: str,
    terms: str,
    statement_file: Path | None,
    bidder_key: Path,
    output: Path,
    files: tuple[Path, ...],
) -> None:
    """Seal FILES to the keyholders that TENDER names. A file is `purpose=path` or a path (purpose: technical).

    TENDER.json holds `tender`, `lot`, `notice`, `keyholders` (age recipients) and `needed`. Prints the SHA-256 that the
    receipt must show. Exit status 2 with one line when something is wrong; nothing is written then.
    """
    try:
        tender = json.loads(tender_file.read_text(encoding="utf-8"))
        parts = [_part_of(one) for one in files]
        manifest = BidManifest(
            tender=tender["tender"],
            lot=tender["lot"],
            notice=tender["notice"],
            bidder=bidder,
            nonce=secrets.token_hex(16),
            opening_sheet={"price": price, "currency": "CNY", "terms": terms},
            files=tuple(_described(path, purpose) for purpose, path in parts),
            statement=read_statement(json.loads(statement_file.read_text("utf-8"))) if statement_file else None,
        )
        own = _own_key(bidder_key)
        digest = _seal_to(output, manifest, [path for _purpose, path in parts], tender, own)
    except SealingError as error:
        return _fail(error)
    except (OSError, ValueError, KeyError, TypeError) as error:
        return _fail(f"{type(error).__name__}: {error}")
    click.echo(f"{digest}  {output}")
    return None


def _part_of(argument: Path) -> tuple[str, Path]:
    purpose, found, path = str(argument).partition("=")
    return (purpose, Path(path)) if found else ("technical", argument)


def _described(path: Path, purpose: str) -> BidFile:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return BidFile(safe_name(path.name), purpose, path.stat().st_size, digest, media_type)


def _seal_to(output: Path, manifest: BidManifest, paths: list[Path], tender: dict[str, Any], own: KeyPair) -> str:
    """Write the envelope beside its final place first, so that a broken one never stands there; return its hash."""
    with ExitStack() as stack:
        files: list[BinaryIO] = [stack.enter_context(path.open("rb")) for path in paths]
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=output.parent, prefix=".sealing-")))
        target = stack.enter_context((folder / output.name).open("w+b"))
        keyholders, needed = tender["keyholders"], tender["needed"]
        seal(manifest, files, target, keyholders=keyholders, needed=needed, bidder=own.recipient)
        target.seek(0)
        digest = hashlib.file_digest(target, "sha256").hexdigest()
        Path(target.name).replace(output)
    return digest


def _own_key(path: Path) -> KeyPair:
    if path.exists():
        return read_key_file(path.read_bytes())
    key = new_key()
    path.touch(mode=0o600, exist_ok=False)
    path.write_text(f"# public key: {key.recipient}\n{key.secret}\n", encoding="utf-8")
    return key


@click.command("make-key", short_help="生成开标密钥 / make a keyholder's key")
@click.option("--passphrase", prompt=True, hide_input=True, confirmation_prompt=True, help="口令 / passphrase")
@click.option("-o", "--output", type=PATH, required=True)
def make_key_command(*, passphrase: str, output: Path) -> None:
    """Write a passphrase-encrypted age identity and print its recipient and fingerprint."""
    key = new_key()
    output.touch(mode=0o600, exist_ok=False)
    output.write_bytes(write_key_file(key, passphrase))
    click.echo(f"{key.recipient}\n{fingerprint(key.recipient)}")


@click.command("unseal-bid", short_help="解封投标文件 / unseal a bid")
@click.argument("envelope", type=PATH)
@click.option("--key", "key_files", type=PATH, multiple=True, help="密钥文件，可多次 / key file, may be repeated")
@click.option("--passphrase", "words", multiple=True, help="各密钥文件的口令，顺序相同 / in the order of the key files")
@click.option("--list", "only_list", is_flag=True, help="只显示密封信息 / only show the header")
@click.option("--extract", help="取出某个组合的密钥封装，或 payload / a subset's wrapped secret, or `payload`")
@click.option("-o", "--output", type=PATH, help="输出文件夹或文件 / output folder or file")
def unseal_bid_command(
    *,
    envelope: Path,
    key_files: tuple[Path, ...],
    words: tuple[str, ...],
    only_list: bool,
    extract: str | None,
    output: Path | None,
) -> None:
    """Open ENVELOPE with k keyholders' keys, or with the bidder's own, and write its files into the output folder."""
    try:
        with envelope.open("rb") as stream:
            header = read_header(stream)
            if only_list:
                _describe(header)
            elif output is None:
                _fail("-o OUTPUT")
            elif extract is not None:
                output.write_bytes(_extract(header, stream, extract))
            else:
                phrases = [*words, *[None] * (len(key_files) - len(words))]
                keys = [_key(path, phrase) for path, phrase in zip(key_files, phrases, strict=False)]
                secret = _secret(header, keys)
                stream.seek(0)
                _write(open_with_secret(stream, secret), output)
    except SealingError as error:
        _fail(error)
    except OSError as error:
        _fail(str(error))


def _key(path: Path, words: str | None) -> KeyPair:
    """Read a key file; asks for its passphrase, which on a command line every process of the machine could read."""
    data = path.read_bytes()
    if words is None and is_locked(data):
        words = click.prompt(f"口令 / passphrase: {path.name}", hide_input=True, err=True)
    return read_key_file(data, words)


def _describe(header: Header) -> None:
    click.echo(f"tender {header.tender}\nlot {header.lot}\nnotice {header.notice}\nneeded {header.needed}")
    for position, one in enumerate(header.keyholders):
        click.echo(f"keyholder {position} {one}")
    click.echo("subsets " + " ".join(wrap.subset for wrap in header.wraps))


def _extract(header: Header, stream: BinaryIO, name: str) -> bytes:
    parts = {wrap.subset: wrap.secret for wrap in header.wraps} | {"bidder": header.bidder_wrap}
    if name == "payload":
        return stream.read()
    if name not in parts:
        choice = [*parts, "payload"]
        raise NotAKeyholder(f"没有“{name}”，可选：{'、'.join(choice)}", f"no “{name}”; there are {', '.join(choice)}")
    return parts[name]


def _write(opened: OpenedBid, folder: Path) -> None:
    """Write every file, once all of them were found to match the manifest."""
    contents = list(opened.files())
    folder.mkdir(parents=True, exist_ok=True)
    sheet = json.dumps(opened.manifest.opening_sheet, ensure_ascii=False, indent=2)
    (folder / "opening-sheet.json").write_text(sheet, encoding="utf-8")
    for number, (file, content) in enumerate(contents, start=1):
        target = folder / f"{number:02d}-{safe_name(file.name)}"
        target.write_bytes(content)
        click.echo(str(target))


def _secret(header: Header, keys: list[KeyPair]) -> str:
    for key in keys:
        try:
            own = peel(header.bidder_wrap, key)
        except NotAKeyholder:
            continue
        if is_secret_of(own, header):
            return own.decode()
    known = {one: position for position, one in enumerate(header.keyholders)}
    held = {fingerprint(key.recipient): key for key in keys}
    return unwrap(header, {known[one]: key for one, key in held.items() if one in known})
