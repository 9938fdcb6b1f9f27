"""values=columns: one typed column for each attribute, read back with DuckDB's Python package."""

import datetime
import decimal
import json
import pathlib

import duckdb_file

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "src" / "sources" / "attio" / "testdata"
ALL_TYPES = json.loads((EXAMPLES / "records_custom_all_types.json").read_text())["data"][0]["values"]


def definitions(values):
    """Attribute definitions that fit a record's values."""
    multiple = {"hazards", "related", "portal", "contact_email", "hotline"}
    return [{"api_slug": slug, "type": found[0]["attribute_type"] if found else "text", "is_multiselect": slug in multiple}
            for slug, found in values.items()]


def all_types_api(method, path, body, headers):
    if path.startswith("/v2/objects/lab_samples/attributes"):
        listed = definitions(ALL_TYPES) if "offset=0" in path else definitions(ALL_TYPES)[-1:]
        return json.dumps({"data": [{"id": {"attribute_id": one["api_slug"]}, **one} for one in listed]})
    if path.endswith("/records/query"):
        whole = (EXAMPLES / "records_custom_all_types.json").read_text()
        return whole if json.loads(body)["offset"] == 0 else '{"data":[]}'
    return 404, '{"status_code":404,"type":"invalid_request_error","code":"not_found","message":"no"}'


def load_one(ingestr, file, start_api, **parameters):
    uri = start_api(all_types_api).uri() + "".join(f"&{name}={value}" for name, value in parameters.items())
    ingestr.load(uri, "records:lab_samples")
    names = [name for name, _ in duckdb_file.columns(file, "rows", "dest")]
    # DuckDB's package gives instants through a module that is not here, so they come as text, in UTC.
    instants = ", ".join(f'"{name}"::VARCHAR AS "{name}"' for name, kind in duckdb_file.columns(file, "rows", "dest")
                         if kind.startswith("TIMESTAMP"))
    return dict(zip(names, duckdb_file.query(file, f"SELECT * REPLACE ({instants}) FROM dest.rows")[0]))


def test_a_record_of_all_types(ingestr, file, start_api):
    row = load_one(ingestr, file, start_api, values="columns")
    types = dict(duckdb_file.columns(file, "rows", "dest"))
    assert "values" not in row
    expected = {
        "label": ("VARCHAR", "S-0001 / α"), "mass_mg": ("DOUBLE", 12.0625), "is_sealed": ("BOOLEAN", False),
        "cost": ("DECIMAL(19,4)", decimal.Decimal("0")), "cost_currency_code": ("VARCHAR", "JPY"),
        "collected_on": ("DATE", datetime.date(2026, 4, 30)), "quality": ("SMALLINT", 0),
        "stage": ("VARCHAR", "Queued"), "stage_id": ("VARCHAR", "3fbcb742-621d-587c-bdb4-6ce14e1a9524"),
        "method": ("VARCHAR", "GC-MS"), "hazards": ("VARCHAR[]", ["Flammable", "Retired label"]),
        "donor": ("VARCHAR", "17d26199-e98d-5669-9074-1d06291d5931"), "donor_object": ("VARCHAR", "people"),
        "related_object": ("VARCHAR[]", ["companies", "deals"]), "technician_type": ("VARCHAR", "workspace-member"),
        "origin_country_code": ("VARCHAR", "NO"), "origin_latitude": ("DOUBLE", None),
        "assayed_at": ("TIMESTAMP WITH TIME ZONE", "2026-05-04 23:59:59.999999+00"),
    }
    for name, (kind, value) in expected.items():
        assert (types[name], row[name]) == (kind, value), name
    # The row's own record_id keeps its name; the attribute of that slug steps aside.
    assert row["record_id"] == row["record_id_2"]


def test_both_keeps_the_json_too(ingestr, file, start_api):
    row = load_one(ingestr, file, start_api, values="both")
    assert json.loads(row["values"]) == ALL_TYPES
    assert row["label"] == "S-0001 / α"


def test_the_sandboxes_objects_and_lists(ingestr, file, start_sandbox):
    sandbox = start_sandbox("--records=companies=30", "--records=people=20", "--records=deals=10", "--rate-limit=0")
    for table in ("records:companies", "records:people", "records:deals", "records:lab_samples", "list_entries:renewals",
                  "all_list_entries:companies"):
        end = ingestr.load(sandbox.uri(values="columns"), table)
        names = [name for name, _ in duckdb_file.columns(file, "rows", "dest")]
        assert "values" not in names and "entry_values" not in names and names[-1] == "_ingestr_loaded_at"
        assert len(names) > 12 and end["rows"] == duckdb_file.count(file, "dest.rows")


def test_columns_hold_what_the_json_holds(ingestr, file, start_sandbox):
    sandbox = start_sandbox("--records=companies=40", "--rate-limit=0")
    ingestr.load(sandbox.uri(values="both"), "records:companies")
    differing = duckdb_file.query(file, """
        SELECT record_id FROM dest.rows
        WHERE name IS DISTINCT FROM ("values"->'name'->0->>'value')
           OR categories IS DISTINCT FROM list_transform(CAST("values"->'categories' AS JSON[]), lambda x: (x->'option'->>'title'))
           OR domains IS DISTINCT FROM list_transform(CAST("values"->'domains' AS JSON[]), lambda x: (x->>'domain'))
           OR created_at_2 IS DISTINCT FROM CAST(("values"->'created_at'->0->>'value') AS TIMESTAMPTZ)""")
    assert differing == []
    assert duckdb_file.column(file, "SELECT count(name) FROM dest.rows")[0] > 0


def test_an_attribute_of_a_future_type_stays_json(ingestr, file, start_sandbox):
    sandbox = start_sandbox("--records=lab_samples=20", "--rate-limit=0", "--future-attribute")
    ingestr.load(sandbox.uri(values="both"), "records:lab_samples")
    known = {name for name, _ in duckdb_file.columns(file, "rows", "dest")}
    json_columns = [name for name, kind in duckdb_file.columns(file, "rows", "dest")
                    if kind == "JSON" and name not in ("id", "values")]
    assert len(json_columns) == 1 and json_columns[0] in known
    slug = json_columns[0]
    assert duckdb_file.column(file, f"""SELECT count(*) FROM dest.rows WHERE "{slug}" IS NOT NULL
                                        AND "{slug}" IS DISTINCT FROM ("values"->'{slug}')""") == [0]


def test_an_unknown_mode_is_refused(ingestr, start_sandbox):
    sandbox = start_sandbox()
    outcome = ingestr.ingest(sandbox.uri(values="rows"), "objects")
    assert outcome.status == 2 and "json, columns or both" in outcome.error()
    assert sandbox.stats()["requests"] == 0
