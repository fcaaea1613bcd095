-- Text as grams for searching: every two consecutive characters of Chinese (or any other script), every three of Latin
-- letters and digits, and the shorter ones at the end of each run, so that shorter words are found as beginnings.
-- `core/search/terms.py` asks in the same way; a test holds the two together.
CREATE OR REPLACE FUNCTION search_grams(words text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    run text;
    size integer;
    grams text[] := '{}';
BEGIN
    FOREACH run IN ARRAY regexp_split_to_array(
        regexp_replace(
            translate(normalize(coalesce(words, ''), NFKC), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz'),
            '([a-z0-9]+)', ' \1 ', 'g'
        ),
        '[\x01-\x2f\x3a-\x60\x7b-\x7f]+'
    ) LOOP
        size := CASE WHEN run ~ '^[a-z0-9]' THEN 3 ELSE 2 END;
        FOR place IN 1 .. length(run) LOOP
            grams := grams || substr(run, place, size);
        END LOOP;
    END LOOP;
    RETURN array_to_tsvector(grams);
END;
$$;
