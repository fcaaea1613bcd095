"""Signing finished papers (PDF): the installation's own X.509 certificate or the operator's, and reading a signature.

The key for papers is not the one for receipts (`core.signing`): readers of PDF know RSA and want a certificate. Where
the operator names no PKCS#12 file, a certificate that signs itself is made once and kept beside the other secrets. It
proves that a paper was not changed since this installation signed it; its name says that nobody else vouches for it.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from core.settings import Settings

T = TypeVar("T")
FIELD = "Signature"
YEARS = 20
MEGABYTE = 1024 * 1024
LARGEST_ATTACHMENT = 8 * MEGABYTE


class NoPaperKey(Exception):
    """The operator's PKCS#12 file cannot be used; the sentence says why."""


@dataclass(frozen=True)
class PaperKey:
    """The key with its certificate as a PKCS#12 container; `own` where the installation made it itself."""

    container: bytes = field(repr=False)
    passphrase: bytes | None = field(repr=False)
    certificate: x509.Certificate
    own: bool

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the certificate, in hex: by it a paper's signer is known."""
        return self.certificate.fingerprint(hashes.SHA256()).hex()

    @property
    def pem(self) -> bytes:
        """The certificate alone, for whoever wants to trust it."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)


def paper_key(settings: Settings, now: datetime) -> PaperKey:
    """Return the operator's key if one is named, else the installation's own, made on first use.

    Raises NoPaperKey for a container that cannot be opened.
    """
    if settings.paper_key_file is not None:
        passphrase = settings.paper_key_passphrase.encode() or None
        try:
            return _opened(settings.paper_key_file.read_bytes(), passphrase, own=False)
        except (OSError, ValueError) as error:
            raise NoPaperKey(f"the PKCS#12 file {settings.paper_key_file} cannot be used: {error}") from error
    kept = settings.var / "secrets" / "papers.p12"
    if not kept.exists():
        _keep(kept, _made(settings.bureau_name_zh, now))
    return _opened(kept.read_bytes(), None, own=True)


def _opened(container: bytes, passphrase: bytes | None, *, own: bool) -> PaperKey:
    key, certificate, _others = pkcs12.load_key_and_certificates(container, passphrase)
    if key is None or certificate is None:
        raise ValueError("it holds no private key with a certificate")
    return PaperKey(container, passphrase, certificate, own)


def _made(bureau: str, now: datetime) -> bytes:
    """Make a certificate that signs itself and says so in its name."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, bureau[:64]),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "Hengping, self-signed by this installation"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{bureau[:40]}（系统自签名证书）"),
        ]
    )
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return pkcs12.serialize_key_and_certificates(
        b"hengping papers", key, certificate, None, serialization.NoEncryption()
    )


def _keep(path: Path, container: bytes) -> None:
    """Write the container for its owner alone; of two processes that start together the first one's stays."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(container)
    with contextlib.suppress(FileExistsError):
        os.link(beside, path)
    beside.unlink()


@dataclass(frozen=True)
class Signing:
    """What a signature says of itself: when (by the caller's clock), why, where; and the files attached under it."""

    at: datetime
    reason: str
    place: str = ""
    attachments: Mapping[str, bytes] = field(default_factory=dict)


def sign_pdf(data: bytes, key: PaperKey, signing: Signing) -> bytes:
    """Return the paper with its attachments under one signature over the whole file."""
    return _apart(lambda: _signed(data, key, signing))


def _signed(data: bytes, key: PaperKey, signing: Signing) -> bytes:
    from pyhanko.pdf_utils import embed
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    class Signer(signers.PdfSigner):
        """A signer whose time is the caller's, not the machine's."""

        def init_signing_session(self, *args: Any, **kwargs: Any) -> Any:
            session = super().init_signing_session(*args, **kwargs)
            session.system_time = signing.at.astimezone(UTC)
            return session

    signer = signers.SimpleSigner.load_pkcs12_data(key.container, other_certs=[], passphrase=key.passphrase)
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    for name, content in signing.attachments.items():
        dated = embed.EmbeddedFileParams(creation_date=signing.at)
        stored = embed.EmbeddedFileObject.from_file_data(writer, content, mime_type="application/json", params=dated)
        embed.embed_file(writer, embed.FileSpec(name, file_name=name, embedded_data=stored))
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD,
        reason=signing.reason,
        location=signing.place or None,
        md_algorithm="sha256",
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        subfilter=fields.SigSeedSubFilter.PADES,
    )
    signed: bytes = Signer(meta, signer=signer).sign_pdf(writer).getvalue()
    return signed


class NoPaper(Exception):
    """The bytes are no PDF that can be read."""


@dataclass(frozen=True)
class Inspection:
    """What a PDF's signature says: nothing of it depends on trusting the signer.

    `intact`: the signed bytes are as they were signed; `whole`: nothing was added to the file afterwards.
    """

    signed: bool = False
    intact: bool = False
    whole: bool = False
    fingerprint: str = ""
    signer: str = ""
    signed_at: datetime | None = None
    attachments: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def unchanged(self) -> bool:
        """Whether the file is byte for byte what its signer signed."""
        return self.signed and self.intact and self.whole


def inspect(data: bytes) -> Inspection:
    """Look at the first signature of a PDF and at what is attached. Raises NoPaper for what is no readable PDF."""
    return _apart(lambda: _inspected(data))


def _inspected(data: bytes) -> Inspection:
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    # What a broken or hostile file makes the library raise; SignatureValidationError is a ValueError.
    broken = (PdfError, ValueError, LookupError, TypeError, AttributeError, RecursionError, OSError)
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # a broken file is an answer here, nothing to log
    try:
        reader = PdfFileReader(io.BytesIO(data))
        attachments = dict(_attached(reader))
        found = reader.embedded_signatures
        if not found:
            return Inspection(attachments=attachments)
        signature = found[0]
        certificate = signature.signer_cert
        seen = Inspection(
            signed=True,
            fingerprint=hashlib.sha256(certificate.dump()).hexdigest(),
            signer=str(certificate.subject.native.get("common_name", "")),
            signed_at=signature.self_reported_timestamp,
            attachments=attachments,
        )
    except broken as error:
        raise NoPaper(str(error)) from error
    trusted = ValidationContext(trust_roots=[certificate], allow_fetching=False)
    try:
        status = validate_pdf_signature(signature, trusted)
        intact = bool(status.intact and status.valid)
        whole = (
            status.coverage == SignatureCoverageLevel.ENTIRE_FILE and len(found) == 1 and _is_filled(signature, data)
        )
    except broken:
        return seen
    return replace(seen, intact=intact, whole=whole)


def _is_filled(signature: Any, data: bytes) -> bool:
    """Whether the gap that no signature covers holds the signature and zeros, as they are written, and nothing else."""
    from asn1crypto.parser import peek

    first, length, second, _rest = (int(one) for one in signature.byte_range)
    held = signature.pkcs7_content
    body = held[: peek(held)]
    gap = data[first + length : second]
    wanted: bytes = b"<" + body.hex().upper().encode().ljust(len(gap) - 2, b"0") + b">"
    return gap == wanted


def _attached(reader: Any) -> Iterator[tuple[str, bytes]]:
    """Yield the attachments of a document by name, as far as they are of a sensible size."""
    try:
        names = reader.root["/Names"]["/EmbeddedFiles"]["/Names"]
    except KeyError:
        return
    for place in range(0, len(names) - 1, 2):
        content = names[place + 1]["/EF"]["/F"].data
        if len(content) <= LARGEST_ATTACHMENT:
            yield str(names[place]), content


def _apart(deed: Callable[[], T]) -> T:
    """Run in a thread of its own: pyHanko starts an event loop, and the caller's thread may have one already."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(deed).result()
