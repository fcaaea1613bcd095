-- The words by which projects are found follow from their rows and their units' names, whoever writes them.
ALTER TABLE project_words ALTER COLUMN grams SET STATISTICS 500; -- the planner must tell rare words from common ones

CREATE OR REPLACE FUNCTION find_projects_by(changed uuid[]) RETURNS void LANGUAGE plpgsql
    SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
BEGIN
    INSERT INTO project_words AS kept (project_id, grams)
    SELECT project.id, search_grams(concat_ws(' ', project.code, project.name, project.name_en, unit.name))
    FROM unnest(changed) AS one (id)
    JOIN project ON project.id = one.id
    JOIN organisation AS unit ON unit.id = project.unit_id
    ORDER BY project.id
    ON CONFLICT (project_id) DO UPDATE SET grams = excluded.grams WHERE kept.grams <> excluded.grams;
END;
$$;

CREATE OR REPLACE FUNCTION project_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM find_projects_by(array_agg(id)) FROM written;
    RETURN NULL;
END;
$$;

CREATE OR REPLACE FUNCTION project_unit_renamed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM find_projects_by(array_agg(project.id))
    FROM written JOIN before ON before.id = written.id JOIN project ON project.unit_id = written.id
    WHERE before.name <> written.name;
    RETURN NULL;
END;
$$;

DROP TRIGGER IF EXISTS words_of_new ON project;
CREATE TRIGGER words_of_new AFTER INSERT ON project
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION project_changed();
DROP TRIGGER IF EXISTS words_of_changed ON project;
CREATE TRIGGER words_of_changed AFTER UPDATE ON project
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION project_changed();
DROP TRIGGER IF EXISTS project_words ON organisation;
CREATE TRIGGER project_words AFTER UPDATE ON organisation
    REFERENCING OLD TABLE AS before NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION project_unit_renamed();
