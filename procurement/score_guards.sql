-- A locked sheet is changed by nobody (R-SEC-04): the database itself refuses it, whoever asks. Only a lawful return to
-- its member (R-EVAL-05, R-EVAL-06) unlocks the seat first.
CREATE OR REPLACE FUNCTION refuse_locked_score() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    seat uuid := CASE WHEN TG_OP = 'INSERT' THEN NEW.seat_id ELSE OLD.seat_id END;
BEGIN
    IF EXISTS (SELECT 1 FROM committee_seat WHERE committee_seat.id = seat AND committee_seat.state = 'locked') THEN
        RAISE EXCEPTION 'a locked score sheet is changed by nobody, R-SEC-04 (% refused)', TG_OP
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END;
$$;
DROP TRIGGER IF EXISTS keep_locked ON score;
CREATE TRIGGER keep_locked BEFORE INSERT OR UPDATE OR DELETE ON score
    FOR EACH ROW EXECUTE FUNCTION refuse_locked_score();
