"""The typed declarative base, the columns' common types and the Flask-SQLAlchemy handle.

`db.Model` of Flask-SQLAlchemy fails strict typing, so models subclass `Base` (see docs/adr/0002).
"""

from __future__ import annotations

import enum
import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Date, DateTime, Enum, MetaData, Numeric, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, registry

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


COLUMN_TYPES: dict[Any, Any] = {
    uuid.UUID: Uuid(as_uuid=True),
    datetime: DateTime(timezone=True),
    date: Date(),
    Decimal: Numeric(16, 2),
    str: Text(),
    dict[str, Any]: JSONB(none_as_null=True),
    list[Any]: JSONB(none_as_null=True),
    list[str]: JSONB(none_as_null=True),
    list[dict[str, Any]]: JSONB(none_as_null=True),
    enum.Enum: Enum(
        enum.Enum,
        native_enum=False,
        create_constraint=True,
        values_callable=lambda members: [member.value for member in members],
        length=60,
    ),
}


class Base(DeclarativeBase):
    """What every model derives from.

    Instants are UTC `timestamptz`, money is `numeric(16, 2)` yuan, enums are text with a CHECK and stored by value,
    free structures are JSONB.
    """

    registry = registry(metadata=MetaData(naming_convention=NAMING), type_annotation_map=COLUMN_TYPES)


class Identified:
    """A row with an unguessable id, drawn from the unit of work's id source when it is added."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)


class Versioned:
    """A row that notices concurrent changes: a form carries `revision`, a stale one is refused."""

    revision: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - SQLAlchemy calls it on the class
        """Let SQLAlchemy raise the revision and check it at every update."""
        return {"version_id_col": cls.revision}


db = SQLAlchemy(
    model_class=Base,
    # Savepoints let a test wrap everything in one transaction; with an engine as bind they change nothing.
    session_options={"join_transaction_mode": "create_savepoint", "autoflush": True},
    engine_options={"pool_pre_ping": True, "pool_size": 8, "max_overflow": 4},
)
