-- Procurement files are kept (R-ARCH-01): the database itself refuses to delete what was published or decided,
-- whoever asks, directly or by a cascade. Drafts may still be changed.
CREATE OR REPLACE FUNCTION refuse_archive_loss() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'procurement files are kept at least 15 years, R-ARCH-01 (% on % refused)', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END;
$$;
CREATE OR REPLACE FUNCTION refuse_published_loss() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    published timestamptz;
    newest jsonb;
BEGIN
    IF TG_TABLE_NAME IN ('criterion', 'keyholder') THEN
        -- An amendment may take one out: it stands on in the older versions of the record, which are kept.
        SELECT version.record INTO newest FROM tender_version version
            WHERE version.tender_id = OLD.tender_id AND version.number > 1 ORDER BY version.number DESC LIMIT 1;
        IF TG_TABLE_NAME = 'criterion' THEN
            IF newest IS NOT NULL AND NOT newest->'criteria' @> jsonb_build_array(jsonb_build_object('id', OLD.id)) THEN
                RETURN OLD;
            END IF;
        ELSIF newest IS NOT NULL AND NOT newest->'keyholders' @> jsonb_build_array(jsonb_build_object('fingerprint', OLD.fingerprint)) THEN
            RETURN OLD;
        END IF;
    END IF;
    IF TG_TABLE_NAME = 'tender' THEN
        published := OLD.published_at;
    ELSIF TG_TABLE_NAME = 'lot_project' THEN
        SELECT tender.published_at INTO published FROM tender JOIN lot ON lot.tender_id = tender.id WHERE lot.id = OLD.lot_id;
    ELSIF TG_TABLE_NAME = 'contract_instalment' THEN
        SELECT CASE WHEN contract.state = 'draft' THEN NULL ELSE contract.drafted_at END
            INTO published FROM contract WHERE contract.id = OLD.contract_id;
    ELSE
        SELECT tender.published_at INTO published FROM tender WHERE tender.id = OLD.tender_id;
    END IF;
    IF published IS NOT NULL THEN
        RAISE EXCEPTION 'what was published is kept at least 15 years, R-ARCH-01 (% on % refused)', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN OLD;
END;
$$;
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['tender', 'lot', 'lot_project', 'criterion', 'keyholder', 'contract_instalment'] LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS keep_published ON %I', name);
        EXECUTE format('CREATE TRIGGER keep_published BEFORE DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_published_loss()', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['bid', 'opening', 'examination', 'award', 'award_procedure', 'deposit_refund', 'contract',
        'contract_supplement', 'acceptance', 'acceptance_item', 'payment', 'document'] LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS keep_row ON %I', name);
        EXECUTE format('CREATE TRIGGER keep_row BEFORE DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_archive_loss()', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['tender', 'bid', 'opening', 'award', 'contract', 'acceptance', 'payment', 'document'] LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS keep_all ON %I', name);
        EXECUTE format('CREATE TRIGGER keep_all BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_archive_loss()', name);
    END LOOP;
END;
$$;
