-- A version of the rubric that is in use is never changed, whoever asks (R-GRADE.rubric).
CREATE FUNCTION refuse_fixed_rubric() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state = 'fixed' AND (TG_OP = 'DELETE' OR NEW.body IS DISTINCT FROM OLD.body OR NEW.state <> 'fixed') THEN
    RAISE EXCEPTION 'a rubric in use is never changed';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER keep_fixed BEFORE UPDATE OR DELETE ON rubric_version
  FOR EACH ROW EXECUTE FUNCTION refuse_fixed_rubric();
