"""The same write-once store in any S3-compatible service (`S3_BUCKET`); credentials come from boto3's usual places."""

from __future__ import annotations

import hashlib
import io
import tempfile
from pathlib import Path
from typing import Any, BinaryIO, cast

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from core.documents.store import CHUNK

SPOOLED_UP_TO = 8 * CHUNK


class S3Store:
    """Objects named by their SHA-256 in one bucket; content that is there is never written again."""

    def __init__(self, bucket: str, client: Any = None) -> None:
        self.bucket = bucket
        self._client = client or boto3.client("s3")

    def put(self, stream: BinaryIO) -> tuple[str, int]:
        """Hash while spooling, then upload under the hash."""
        digest, size = hashlib.sha256(), 0
        with tempfile.SpooledTemporaryFile(max_size=SPOOLED_UP_TO) as spool:
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
                spool.write(chunk)
            spool.seek(0)
            key = digest.hexdigest()
            if not self.exists(key):
                self._client.upload_fileobj(spool, self.bucket, key)
        return key, size

    def put_known(self, content: memoryview, sha256: str) -> None:
        """Upload content under the hash that was just computed of it."""
        if not self.exists(sha256):
            self._client.upload_fileobj(io.BytesIO(content), self.bucket, sha256)

    def take(self, file: Path, sha256: str | None = None) -> str:
        """Upload a finished file under its hash."""
        with file.open("rb") as stream:
            if sha256 is None:
                return self.put(stream)[0]
            if not self.exists(sha256):
                self._client.upload_fileobj(stream, self.bucket, sha256)
        return sha256

    def open(self, sha256: str) -> BinaryIO:
        """Open stored content for reading; raises FileNotFoundError when it is not there."""
        try:
            answer = self._client.get_object(Bucket=self.bucket, Key=sha256)
        except ClientError as error:
            raise FileNotFoundError(sha256) from error
        return cast("BinaryIO", answer["Body"])

    def exists(self, sha256: str) -> bool:
        """Whether this content is stored."""
        try:
            self._client.head_object(Bucket=self.bucket, Key=sha256)
        except ClientError:
            return False
        return True

    def is_writable(self) -> bool:
        """Whether the bucket answers."""
        try:
            self._client.head_bucket(Bucket=self.bucket)
        except (ClientError, BotoCoreError):
            return False
        return True
