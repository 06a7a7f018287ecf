HERE = "22849"


def test_a_place_is_entered_renamed_in_its_assets_and_removed(client, asset):
    api = client()
    body = {"kind": "site", "commune": HERE, "name": "UBND"}
    made = api.post("/places", json=body)
    assert made.status_code == 201, made.text
    assert api.post("/places", json=body).json()["errors"][0]["field"] == "name"
    api.post("/assets", json=asset("MT-1", site="UBND"))
    renamed = api.post(f"/places/{made.json()['id']}/rename", json={"name": "Trụ sở"})
    assert renamed.json()["changed"] == 1
    assert api.get("/assets/MT-1").json()["site"] == "Trụ sở"
    [place] = [p for p in api.get("/places", params={"commune": HERE}).json() if p["assets"]]
    assert (place["name"], place["assets"]) == ("Trụ sở", 1)
    assert api.delete(f"/places/{place['id']}").status_code == 204
    assert api.delete(f"/places/{place['id']}").status_code == 404


def test_the_catalogue_is_read_and_added_to(client):
    api = client()
    body = {"asset_class": "desktop", "vendor": "Dell", "model": "3050", "life_years": 5}
    made = api.post("/models", json=body)
    assert made.status_code == 201, made.text
    assert [model["model"] for model in api.get("/models").json()] == ["3050"]
    assert api.delete(f"/models/{made.json()['id']}").status_code == 204
    assert api.get("/models").json() == []
