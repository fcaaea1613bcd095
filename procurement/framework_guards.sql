-- Who was admitted to a framework agreement, how, and whose turn it was stays on record (R-ARCH-01, R-FRAME-03): the
-- database itself refuses to delete it, and what happened to a turn is never rewritten.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['framework', 'framework_member', 'framework_shortlist', 'call_off', 'call_off_turn'] LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS keep_row ON %I', name);
        EXECUTE format('CREATE TRIGGER keep_row BEFORE DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_archive_loss()', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['framework_shortlist', 'call_off_turn'] LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS keep_words ON %I', name);
        EXECUTE format('CREATE TRIGGER keep_words BEFORE UPDATE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_archive_loss()', name);
    END LOOP;
END;
$$;
