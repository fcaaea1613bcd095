-- What was published about a tender stands for ever (R-ARCH-01): a version of its record is neither changed nor deleted,
-- and answers, questions, holders of the documents, amendments and confirmations are never deleted.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['tender_version', 'published_answer', 'question', 'document_holder', 'amendment',
        'bid_confirmation'] LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS keep_row ON %I', name);
        EXECUTE format('CREATE TRIGGER keep_row BEFORE DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_archive_loss()', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['tender_version', 'bid_confirmation'] LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS keep_content ON %I', name);
        EXECUTE format('CREATE TRIGGER keep_content BEFORE UPDATE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_archive_loss()', name);
    END LOOP;
    DROP TRIGGER IF EXISTS keep_all ON tender_version;
    CREATE TRIGGER keep_all BEFORE TRUNCATE ON tender_version FOR EACH STATEMENT EXECUTE FUNCTION refuse_archive_loss();
END;
$$;
