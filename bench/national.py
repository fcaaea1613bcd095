"""A library of national size, made by the database itself: agencies, their people and grades, projects, engagements.

`fill(connection, agencies=100_000, engagements=1_000_000)` writes through the tables' own triggers, so lists and search
are as the application keeps them. Everything follows from the running numbers: the same sizes give the same rows.
Agencies are spread over kinds, fields, cities and grades; a family of `PLANTED` agencies has the same rare name at any
size, so that a search for it shows a full page in a small library and in a large one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg

PLANTED = 30
RARE = "麒麟"
CITIES = (
    "上海市闵行区 上海市浦东新区 上海市黄浦区 北京市海淀区 "
    "江苏省苏州市吴中区 浙江省杭州市西湖区 广东省深圳市南山区 四川省成都市武侯区"
)
TRADES = (
    "绩效评价咨询有限公司 会计师事务所（普通合伙） 资产评估有限公司 律师事务所 "
    "公共政策研究院 大学评价中心 管理咨询有限公司"
)
SYLLABLES = "衡信明睿正道沪达申评嘉诚浦和东方博闻经纬立德海川众智锦程安澜惠民春汇瑞成联合天恒华宇中永泰兴文同济远思源致"
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张"
WORKS = (
    "社区养老服务补贴 义务教育设备更新 老旧小区消防改造 就业技能培训补贴 "
    "高标准农田建设 公共卫生应急 城市公园养护 道路交通安全"
)
BUREAUS = "民政局 教育局 卫生健康委员会 人力资源和社会保障局 农业农村委员会 应急管理局 绿化和市容管理局 公安分局"
SECTORS = ("farmers-income", "employment", "education", "social-security", "public-safety")
KINDS = ("consulting", "accounting", "appraisal", "law", "research", "university", "consulting")
"""In the order of the trades."""


@dataclass(frozen=True)
class Size:
    """How many rows of each kind a library has."""

    agencies: int
    engagements: int

    @property
    def projects(self) -> int:
        """Every project is evaluated five times."""
        return max(1, self.engagements // 5)

    @property
    def units(self) -> int:
        """A unit answers for ten projects."""
        return max(8, self.projects // 10)


INDEXES = ("ix_agency_words_grams", "ix_engagement_words_grams", "ix_project_words_grams")
STEPS = (
    """INSERT INTO organisation (id, revision, name, name_en, kind, uscc, address, telephone, is_active)
    SELECT md5('agency-' || n)::uuid, 1,
        split_part(regexp_replace(pick(%(cities)s, h1), '^(?:.*省)?', ''), '市', 1)
        || CASE WHEN n %% greatest(1, %(agencies)s / %(planted)s) = 0 THEN %(rare)s
            ELSE substr(%(syllables)s, 1 + h2 %% length(%(syllables)s), 1)
                || substr(%(syllables)s, 1 + h3 %% length(%(syllables)s), 1) END
        || pick(%(trades)s, h4),
        '', 'agency', '91' || lpad((310000 + h1 %% 9999)::text, 6, '0') || upper(substr(md5('code' || n), 1, 10)),
        pick(%(cities)s, h1) || '和平路' || n || '号', '021-' || lpad(n::text, 8, '0'), true
    FROM numbers""",
    """INSERT INTO agency (id, revision, organisation_id, kind, legal_representative, founded_on, staff, fields,
        introduction, admitted_on)
    SELECT md5('entry-' || n)::uuid, 1, md5('agency-' || n)::uuid, (%(kinds)s::text[])[1 + h4 %% 7],
        substr(%(surnames)s, 1 + h2 %% 24, 1) || substr(%(syllables)s, 1 + h1 %% 48, 1), date '2005-01-01' + h3 %% 5000,
        5 + h3 %% 90, CASE WHEN h2 %% 3 = 0 THEN jsonb_build_array((%(sectors)s::text[])[1 + h1 %% 5])
            ELSE jsonb_build_array((%(sectors)s::text[])[1 + h1 %% 5], (%(sectors)s::text[])[1 + (h1 + 2) %% 5]) END,
        '', date '2018-01-01' + h2 %% 2800
    FROM numbers""",
    """INSERT INTO lead_evaluator (id, organisation_id, name, qualification, working_since, evaluating_since)
    SELECT md5('lead-' || n || '-' || place)::uuid, md5('agency-' || n)::uuid,
        substr(%(surnames)s, 1 + (h3 + 5 * place) %% 24, 1) || substr(%(syllables)s, 1 + (h1 + place) %% 48, 1)
            || substr(%(syllables)s, 1 + (h2 + place) %% 48, 1),
        '注册会计师', date '2008-07-01', date '2014-07-01'
    FROM numbers, generate_series(1, 2) AS place""",
    """INSERT INTO agency_grade (id, agency_id, year, grade, score, tasks, record, published_at)
    SELECT md5('grade-' || n || '-' || year)::uuid, md5('entry-' || n)::uuid, year,
        CASE WHEN points >= 90 THEN 'A' WHEN points >= 80 THEN 'B' WHEN points >= 60 THEN 'C' ELSE 'D' END,
        points, 2 + h1 %% 9, '{"kind": "grade"}'::jsonb, make_timestamptz(year + 1, 3, 20, 9, 0, 0, 'Asia/Shanghai')
    FROM numbers, generate_series(2023, 2025) AS year,
        LATERAL (SELECT 52 + (h2 + 7 * year) %% 4700 / 100.0) AS p (points)
    WHERE h3 %% 10 < 8""",
)
PROJECTS = (
    """INSERT INTO organisation (id, revision, name, name_en, kind, address, telephone, is_active)
    SELECT md5('unit-' || n)::uuid, 1, regexp_replace(pick(%(cities)s, h1), '^(?:.*省)?', '') || pick(%(bureaus)s, h2)
        || n, '', 'budget-unit', '', '', true
    FROM numbers""",
    """INSERT INTO project (id, revision, code, name, name_en, unit_id, year, sector, industry, budget, objective,
        content, is_archived, created_at)
    SELECT md5('project-' || n)::uuid, 1, 'N' || lpad(n::text, 8, '0'), pick(%(works)s, h1) || '项目（' || n || '）',
        '', md5('unit-' || (1 + n %% %(units)s))::uuid, 2018 + h2 %% 8, (%(sectors)s::text[])[1 + h3 %% 5], 'Q',
        1000000 + h4 %% 90000000, '', '', false, timestamptz '2018-01-01' + n %% 2900 * interval '1 day'
    FROM numbers""",
)
ENGAGEMENTS = """INSERT INTO engagement (id, revision, number, project_id, agency_id, source, amount, begins_on, due_on,
        state, opened_at)
    SELECT md5('engagement-' || n)::uuid, 1, '评委〔' || 2018 + n %% 8 || '〕' || n || '号',
        md5('project-' || (1 + n %% %(projects)s))::uuid, md5('agency-' || (1 + h1 %% %(agencies)s))::uuid,
        'made:' || n, 80000 + h2 %% 900000, day, day + 90 + h4 %% 90,
        (ARRAY['preparing', 'evaluating', 'delivered', 'closed', 'closed', 'closed', 'closed', 'closed'])[1 + h3 %% 8],
        day::timestamptz + n %% 86400 * interval '1 second'
    FROM numbers, LATERAL (SELECT date '2018-01-01' + h2 %% 2880) AS d (day)"""
CHUNK = 100_000


def fill(owner: psycopg.Connection[Any], *, agencies: int, engagements: int) -> Size:
    """Write a library of this size into an empty database, as its owner; commits as it goes."""
    size = Size(agencies, engagements)
    definitions = [
        row[0] for row in owner.execute("SELECT indexdef FROM pg_indexes WHERE indexname = ANY (%s)", [list(INDEXES)])
    ]
    for index in INDEXES:
        owner.execute(f"DROP INDEX {index}")
    owner.execute(
        "CREATE FUNCTION pick(words text, dice integer) RETURNS text LANGUAGE sql IMMUTABLE AS "
        "$$SELECT (string_to_array(words, ' '))[1 + dice % array_length(string_to_array(words, ' '), 1)]$$"
    )
    values = {
        "cities": CITIES,
        "trades": TRADES,
        "syllables": SYLLABLES,
        "surnames": SURNAMES,
        "works": WORKS,
        "bureaus": BUREAUS,
        "kinds": list(KINDS),
        "sectors": list(SECTORS),
        "rare": RARE,
        "planted": PLANTED,
        "agencies": agencies,
        "projects": size.projects,
        "units": size.units,
    }
    for many, steps in (
        (agencies, STEPS),
        (size.units, PROJECTS[:1]),
        (size.projects, PROJECTS[1:]),
        (engagements, (ENGAGEMENTS,)),
    ):
        for step in steps:
            for first in range(1, many + 1, CHUNK):
                _number(owner, first, min(many, first + CHUNK - 1))
                psycopg.ClientCursor(owner).execute(step, values)  # with the values in its text
                owner.commit()
    for definition in definitions:
        owner.execute(definition)
    owner.execute("DROP FUNCTION pick(text, integer)")
    owner.execute("ANALYZE")
    owner.commit()
    return size


def _number(owner: psycopg.Connection[Any], first: int, last: int) -> None:
    """Lay out running numbers with four even dice for each."""
    owner.execute("DROP TABLE IF EXISTS numbers")
    owner.execute(
        "CREATE TEMPORARY TABLE numbers AS SELECT n, "
        + ", ".join(f"abs(hashint8extended(n, {one}) % 1000003)::integer AS h{one}" for one in (1, 2, 3, 4))
        + f" FROM generate_series({first}, {last}) AS n"
    )
