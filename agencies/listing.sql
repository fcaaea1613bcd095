-- The functions that write go from row to row by keys, whatever the planner thinks of tables that have just been filled.
-- Lists and search follow from the rows they are about, whoever writes them: a form, an import of thousands, a cycle's
-- one statement over all agencies (docs/adr/0025). Only what differs is written.
-- The planner must tell rare words from common ones.
ALTER TABLE agency_words ALTER COLUMN grams SET STATISTICS 500;
ALTER TABLE engagement_words ALTER COLUMN grams SET STATISTICS 500;

CREATE OR REPLACE FUNCTION district_in(address text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(substring(address FROM '^(?:.{2,8}?(?:省|自治区))?(?:.{2,6}?市)?(.{2,6}?(?:新区|区|县))'), '')
$$;

CREATE OR REPLACE FUNCTION list_agencies(changed uuid[]) RETURNS void LANGUAGE plpgsql
    SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
BEGIN
    INSERT INTO agency_listing AS kept (
        agency_id, name, uscc, kind, fields, district, admitted_on, staff, leads,
        grade_id, grade, year, score, tasks, points
    )
    SELECT agency.id, body.name, body.uscc, agency.kind, agency.fields, district_in(body.address), agency.admitted_on,
        agency.staff, (
            SELECT count(*) FROM lead_evaluator AS lead
            WHERE lead.organisation_id = agency.organisation_id AND lead.ended_on IS NULL
        ),
        latest.id, latest.grade, latest.year, latest.score, coalesce(latest.tasks, 0), coalesce(latest.score, -1)
    FROM unnest(changed) AS one (id)
    JOIN agency ON agency.id = one.id
    JOIN organisation AS body ON body.id = agency.organisation_id
    LEFT JOIN LATERAL (
        SELECT given.id, given.grade, given.year, given.score, given.tasks FROM agency_grade AS given
        WHERE given.agency_id = agency.id AND given.published_at IS NOT NULL ORDER BY given.year DESC LIMIT 1
    ) AS latest ON true
    ORDER BY agency.id
    ON CONFLICT (agency_id) DO UPDATE SET
        name = excluded.name, uscc = excluded.uscc, kind = excluded.kind, fields = excluded.fields,
        district = excluded.district, admitted_on = excluded.admitted_on, staff = excluded.staff,
        leads = excluded.leads, grade_id = excluded.grade_id, grade = excluded.grade, year = excluded.year,
        score = excluded.score, tasks = excluded.tasks, points = excluded.points
    WHERE ROW(kept.*) IS DISTINCT FROM ROW(excluded.*);
END;
$$;

-- Names of lead evaluators that are not public stand behind an @, where only those look who keep the library.
CREATE OR REPLACE FUNCTION find_agencies_by(changed uuid[]) RETURNS void LANGUAGE plpgsql
    SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
BEGIN
    INSERT INTO agency_words AS kept (agency_id, grams)
    SELECT agency.id,
        search_grams(concat_ws(' ', body.name, body.name_en, body.uscc, body.address, people.shown))
        || array_to_tsvector(ARRAY(SELECT '@' || gram FROM unnest(tsvector_to_array(search_grams(people.known))) AS gram))
        || array_to_tsvector(ARRAY['kind=' || agency.kind])
        || array_to_tsvector(ARRAY(SELECT 'field=' || field FROM jsonb_array_elements_text(agency.fields) AS field))
    FROM unnest(changed) AS one (id)
    JOIN agency ON agency.id = one.id
    JOIN organisation AS body ON body.id = agency.organisation_id
    LEFT JOIN LATERAL (
        SELECT string_agg(lead.name, ' ') AS known, string_agg(lead.name, ' ') FILTER (WHERE item.is_public) AS shown
        FROM lead_evaluator AS lead LEFT JOIN agency_record_item AS item ON item.id = lead.item_id
        WHERE lead.organisation_id = body.id AND lead.ended_on IS NULL
    ) AS people ON true
    ORDER BY agency.id
    ON CONFLICT (agency_id) DO UPDATE SET grams = excluded.grams WHERE kept.grams <> excluded.grams;
END;
$$;

CREATE OR REPLACE FUNCTION find_engagements_by(changed uuid[]) RETURNS void LANGUAGE plpgsql
    SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
BEGIN
    INSERT INTO engagement_words AS kept (engagement_id, opened_at, grams)
    SELECT engagement.id, engagement.opened_at,
        search_grams(concat_ws(' ', engagement.number, project.name, unit.name, body.name))
        || array_to_tsvector(ARRAY['state=' || engagement.state])
    FROM unnest(changed) AS one (id)
    JOIN engagement ON engagement.id = one.id
    JOIN project ON project.id = engagement.project_id
    JOIN organisation AS unit ON unit.id = project.unit_id
    JOIN organisation AS body ON body.id = engagement.agency_id
    ORDER BY engagement.id
    ON CONFLICT (engagement_id) DO UPDATE SET grams = excluded.grams, opened_at = excluded.opened_at
    WHERE kept.grams <> excluded.grams OR kept.opened_at <> excluded.opened_at;
END;
$$;

CREATE OR REPLACE FUNCTION agency_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM list_agencies(array_agg(id)), find_agencies_by(array_agg(id)) FROM written;
    RETURN NULL;
END;
$$;

CREATE OR REPLACE FUNCTION agencies_of(organisations uuid[]) RETURNS uuid[] LANGUAGE sql STABLE AS $$
    SELECT array_agg(agency.id) FROM agency WHERE agency.organisation_id = ANY (organisations)
$$;

CREATE OR REPLACE FUNCTION agency_lead_written() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed uuid[];
BEGIN
    SELECT agencies_of(array_agg(DISTINCT organisation_id)) INTO changed FROM written;
    PERFORM list_agencies(changed), find_agencies_by(changed);
    RETURN NULL;
END;
$$;

CREATE OR REPLACE FUNCTION agency_lead_shown() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM find_agencies_by(agencies_of(array_agg(DISTINCT written.organisation_id)))
    FROM written JOIN before ON before.id = written.id
    WHERE written.part = 'leads' AND before.is_public <> written.is_public
    HAVING count(*) > 0;
    RETURN NULL;
END;
$$;

CREATE OR REPLACE FUNCTION agency_graded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM list_agencies(array_agg(DISTINCT agency_id)) FROM written;
    RETURN NULL;
END;
$$;

CREATE OR REPLACE FUNCTION engagement_opened() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM find_engagements_by(array_agg(id)) FROM written;
    RETURN NULL;
END;
$$;

CREATE OR REPLACE FUNCTION engagement_altered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM find_engagements_by(array_agg(written.id)) FROM written JOIN before ON before.id = written.id
    WHERE (before.number, before.project_id, before.agency_id, before.state, before.opened_at)
        <> (written.number, written.project_id, written.agency_id, written.state, written.opened_at)
    HAVING count(*) > 0;
    RETURN NULL;
END;
$$;

CREATE OR REPLACE FUNCTION engaged_project_renamed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM find_engagements_by(array_agg(engagement.id))
    FROM written JOIN before ON before.id = written.id JOIN engagement ON engagement.project_id = written.id
    WHERE (before.name, before.unit_id) <> (written.name, written.unit_id)
    HAVING count(*) > 0;
    RETURN NULL;
END;
$$;

CREATE OR REPLACE FUNCTION listed_organisation_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    renamed uuid[];
BEGIN
    PERFORM list_agencies(array_agg(agency.id)), find_agencies_by(array_agg(agency.id))
    FROM written JOIN agency ON agency.organisation_id = written.id
    HAVING count(*) > 0;
    SELECT array_agg(written.id) INTO renamed
    FROM written JOIN before ON before.id = written.id WHERE before.name <> written.name;
    IF renamed IS NOT NULL THEN
        PERFORM find_engagements_by(array_agg(engagement.id)) FROM engagement
        WHERE engagement.agency_id = ANY (renamed)
            OR engagement.project_id IN (SELECT project.id FROM project WHERE project.unit_id = ANY (renamed))
        HAVING count(*) > 0;
    END IF;
    RETURN NULL;
END;
$$;

DO $$
DECLARE
    one record;
BEGIN
    FOR one IN
        SELECT * FROM (VALUES
            ('agency', 'INSERT', 'NEW TABLE AS written', 'agency_written'),
            ('agency', 'UPDATE', 'NEW TABLE AS written', 'agency_written'),
            ('lead_evaluator', 'INSERT', 'NEW TABLE AS written', 'agency_lead_written'),
            ('lead_evaluator', 'UPDATE', 'NEW TABLE AS written', 'agency_lead_written'),
            ('lead_evaluator', 'DELETE', 'OLD TABLE AS written', 'agency_lead_written'),
            ('agency_record_item', 'UPDATE', 'OLD TABLE AS before NEW TABLE AS written', 'agency_lead_shown'),
            ('agency_grade', 'INSERT', 'NEW TABLE AS written', 'agency_graded'),
            ('agency_grade', 'UPDATE', 'NEW TABLE AS written', 'agency_graded'),
            ('agency_grade', 'DELETE', 'OLD TABLE AS written', 'agency_graded'),
            ('engagement', 'INSERT', 'NEW TABLE AS written', 'engagement_opened'),
            ('engagement', 'UPDATE', 'OLD TABLE AS before NEW TABLE AS written', 'engagement_altered'),
            ('project', 'UPDATE', 'OLD TABLE AS before NEW TABLE AS written', 'engaged_project_renamed'),
            ('organisation', 'UPDATE', 'OLD TABLE AS before NEW TABLE AS written', 'listed_organisation_changed')
        ) AS watched (noun, deed, seen, told)
    LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS %I ON %I', 'listing_after_' || lower(one.deed), one.noun);
        EXECUTE format(
            'CREATE TRIGGER %I AFTER %s ON %I REFERENCING %s FOR EACH STATEMENT EXECUTE FUNCTION %I()',
            'listing_after_' || lower(one.deed), one.deed, one.noun, one.seen, one.told
        );
    END LOOP;
END;
$$;
