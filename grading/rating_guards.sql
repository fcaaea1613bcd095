-- What a cycle counted is never changed again (R-GRADE.year): records are made from these rows whenever they are asked
-- for. The database itself refuses it, whoever asks; what was wrong is put right by an appeal.
CREATE OR REPLACE FUNCTION refuse_counted_rating() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND EXISTS (SELECT 1 FROM cycle_task WHERE cycle_task.task = OLD.task)
       OR TG_OP <> 'DELETE' AND EXISTS (SELECT 1 FROM cycle_task WHERE cycle_task.task = NEW.task) THEN
        RAISE EXCEPTION 'ratings that a cycle counted are changed by nobody, R-GRADE.year (% refused)', TG_OP
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END;
$$;
DROP TRIGGER IF EXISTS keep_counted ON task_rating;
CREATE TRIGGER keep_counted BEFORE INSERT OR UPDATE OR DELETE ON task_rating
    FOR EACH ROW EXECUTE FUNCTION refuse_counted_rating();

CREATE OR REPLACE FUNCTION refuse_counted_score() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM cycle_task WHERE cycle_task.task = OLD.seq) THEN
        RAISE EXCEPTION 'a score that a cycle counted is changed by nobody, R-GRADE.year (% refused)', TG_OP
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END;
$$;
DROP TRIGGER IF EXISTS keep_counted ON task_score;
CREATE TRIGGER keep_counted BEFORE DELETE OR UPDATE OF seq, engagement_id, agency_id, amount, sector, year, difficulty,
    urgent, veto, parts, decided_by_id ON task_score FOR EACH ROW EXECUTE FUNCTION refuse_counted_score();
