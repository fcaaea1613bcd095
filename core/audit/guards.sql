-- The log can only grow: the database itself refuses to change or cut it, whoever asks.
CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only (% on % refused)', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END;
$$;
CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_head_append_only BEFORE UPDATE OR DELETE ON audit_head
    FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_head_no_truncate BEFORE TRUNCATE ON audit_head
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'hengping_app') THEN
        REVOKE UPDATE, DELETE, TRUNCATE ON audit_entry, audit_head FROM hengping_app;
    END IF;
END;
$$;

-- Appending is one statement, so that the lock which serialises it is held for no round trip but the commit's own.
-- Every statement inside sees what was committed before the lock was given (READ COMMITTED), so the head is the newest.
-- `head` and `tail` are the canonical JSON of an entry before and after its number; verification never trusts this code.
CREATE OR REPLACE FUNCTION append_audit_entries(entries jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    one jsonb;
    last_seq bigint;
    last_hash bytea;
    made bytea;
BEGIN
    PERFORM pg_advisory_xact_lock(1213219157);
    SELECT seq, hash INTO last_seq, last_hash FROM audit_entry ORDER BY seq DESC LIMIT 1;
    IF NOT FOUND THEN
        last_seq := 0;
        last_hash := decode(repeat('00', 32), 'hex');
    END IF;
    FOR one IN SELECT value FROM jsonb_array_elements(entries) LOOP
        last_seq := last_seq + 1;
        made := sha256(last_hash || convert_to((one ->> 'head') || last_seq || (one ->> 'tail'), 'UTF8'));
        INSERT INTO audit_entry (seq, at, tag, actor_id, about, body, personal, previous, hash)
        VALUES (
            last_seq, (one ->> 'at')::timestamptz, one ->> 'tag', (one ->> 'actor_id')::uuid,
            one -> 'about', one -> 'body', one -> 'personal',
            last_hash, made
        );
        last_hash := made;
    END LOOP;
END;
$$;
