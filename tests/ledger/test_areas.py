"""Dated area codes: the shipped list, its successions, and files of other counties."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ledger.areas import Area, AreaLevel, AreaList, load_areas, shipped_areas
from ledger.errors import LedgerError, StorageError, ValueRefusedError

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "code,name,valid_from,valid_to,successor\n"
DACHUAN = Area("511703", "达川区", date(2013, 7, 1))
TOWN = Area("511703101", "管村镇", date(2013, 7, 1))
VILLAGE = Area("511703101200", "某村", date(2020, 1, 1))


def code_of(areas: list[Area]) -> str:
    with pytest.raises(ValueRefusedError) as caught:
        AreaList(areas)
    assert caught.value.hint
    return caught.value.code


def refused_file(path: Path) -> LedgerError:
    with pytest.raises(ValueRefusedError) as caught:
        load_areas(path)
    return caught.value


@pytest.mark.parametrize(
    ("code", "on", "name"),
    [
        ("520000", date(2022, 1, 1), "贵州省"),
        ("520200", date(2022, 1, 1), "六盘水市"),
        ("520201", date(2022, 1, 1), "钟山区"),
        ("520203", date(2022, 1, 1), "六枝特区"),
        ("520204", date(2020, 7, 18), "水城区"),
        ("520221", date(2020, 7, 17), "水城县"),
        ("520281", date(2022, 1, 1), "盘州市"),
        ("520222", date(2016, 1, 1), "盘县"),
        ("520204100", date(2022, 1, 1), "蟠龙镇"),
    ],
)
def test_shipped_areas_by_code_and_day(code: str, on: date, name: str) -> None:
    assert shipped_areas().get(code, on).name == name
    assert shipped_areas().name(code) == name


def test_the_shipped_counties_have_all_their_towns() -> None:
    towns = {
        area.name: len(shipped_areas().children(area.code, date(2022, 1, 1)))
        for area in shipped_areas().children("520200", date(2022, 1, 1))
    }
    assert towns == {"钟山区": 17, "六枝特区": 18, "水城区": 30, "盘州市": 27}


def test_an_expired_code_names_its_successor_and_the_day() -> None:
    with pytest.raises(ValueRefusedError) as caught:
        shipped_areas().get("520221", date(2020, 7, 18))
    assert caught.value.code == "area.expired"
    assert "2020-07-17" in caught.value.message
    assert "水城区(520204)" in caught.value.message
    assert "520204" in caught.value.hint


def test_a_code_used_too_early_names_the_one_of_that_time() -> None:
    with pytest.raises(ValueRefusedError) as caught:
        shipped_areas().get("520204", date(2019, 1, 1))
    assert caught.value.code == "area.not_yet_valid"
    assert "水城县(520221)" in caught.value.hint


@pytest.mark.parametrize("code", ["520299", "520204999", "abc", "", "52020", "520204000", "５２０２０４"])
def test_an_unknown_code_is_refused_everywhere(code: str) -> None:
    areas = shipped_areas()
    for look_up in (
        lambda: areas.get(code, date(2022, 1, 1)),
        lambda: areas.name(code),
        lambda: areas.lineage(code),
        lambda: areas.children(code, date(2022, 1, 1)),
    ):
        with pytest.raises(ValueRefusedError) as caught:
            look_up()
        assert caught.value.code == "area.unknown"
    assert code not in areas


def test_the_lineage_of_a_county_holds_its_older_codes() -> None:
    assert shipped_areas().lineage("520204") == {"520204", "520221"}
    assert shipped_areas().lineage("520221") == {"520221"}
    assert shipped_areas().lineage("520201") == {"520201"}


def test_a_lineage_reaches_back_through_every_change() -> None:
    days = [date(2000, 1, 1), date(2005, 1, 1), date(2010, 1, 1), date(2015, 1, 1)]
    areas = AreaList(
        [
            Area("511701", "甲县", days[0], days[1], "511702"),
            Area("511702", "乙县", days[1], days[2], "511704"),
            Area("511703", "丙县", days[0], days[2], "511704"),
            Area("511704", "丁区", days[2], None),
        ]
    )
    assert areas.lineage("511704") == {"511701", "511702", "511703", "511704"}


def test_levels_and_parents_are_told_by_the_digits() -> None:
    areas = [Area(code, "某地", date(2020, 1, 1)) for code in ("520000", "520200", "520204")]
    areas += [Area("520204100", "某镇", date(2020, 1, 1)), Area("520204100201", "某村", date(2020, 1, 1))]
    assert [area.level for area in areas] == list(AreaLevel)
    assert [area.parent for area in areas] == ["", *(area.code for area in areas[:-1])]


def test_a_town_holds_only_while_its_county_does() -> None:
    county = Area("511703", "达川区", date(2013, 7, 1), date(2020, 12, 31))
    areas = AreaList([county, TOWN, VILLAGE])
    assert areas.get(VILLAGE.code, date(2020, 6, 1)) == VILLAGE
    with pytest.raises(ValueRefusedError) as caught:
        areas.get(VILLAGE.code, date(2021, 1, 1))
    assert caught.value.code == "area.expired"
    assert "达川区" in caught.value.message


def test_a_list_that_does_not_fit_together_is_refused() -> None:
    later = DACHUAN._replace(valid_from=date(2015, 1, 1))
    assert code_of([TOWN]) == "area.no_parent"
    assert code_of([DACHUAN, VILLAGE]) == "area.no_parent"
    assert code_of([DACHUAN, DACHUAN]) == "area.overlap"
    assert code_of([DACHUAN._replace(valid_to=date(2015, 1, 1)), later]) == "area.overlap"
    assert code_of([DACHUAN, DACHUAN._replace(valid_to=date(2015, 1, 1))]) == "area.overlap"
    assert code_of([DACHUAN._replace(valid_to=date(2013, 6, 30))]) == "area.bad_period"
    assert code_of([DACHUAN._replace(successor="511799")]) == "area.unknown_successor"
    assert code_of([DACHUAN._replace(successor="x")]) == "area.bad_code"
    assert code_of([DACHUAN._replace(name="")]) == "area.no_name"
    for bad in ("", "51170", "5117031", "511703000", "011703", "51170A", "511703101000"):
        assert code_of([DACHUAN._replace(code=bad)]) == "area.bad_code"


def test_one_code_may_change_its_name() -> None:
    areas = AreaList(
        [DACHUAN._replace(name="旧名", valid_to=date(2014, 12, 31)), DACHUAN._replace(valid_from=date(2015, 1, 1))]
    )
    assert areas.get("511703", date(2014, 12, 31)).name == "旧名"
    assert areas.get("511703", date(2015, 1, 1)).name == "达川区"
    assert areas.name("511703") == "达川区"


def test_added_areas_leave_the_first_list_alone_and_replace_what_it_said() -> None:
    shipped = shipped_areas()
    more = shipped.with_areas([DACHUAN, TOWN, Area("520204", "水城区", date(2020, 6, 23))])
    assert more.get(TOWN.code, date(2022, 1, 1)) == TOWN
    assert more.get("520204", date(2020, 6, 23)).name == "水城区"
    assert TOWN.code not in shipped
    assert shipped.get("520204", date(2022, 1, 1)).valid_from == date(2020, 7, 18)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_county_file_is_read_in_the_encodings_of_office_programs(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "区划.csv"
    text = (
        HEADER
        + "# 说明,不读\r\n\r\n511703,达川区,2013-07-01,,\r\n511703101,管村镇,2013年7月1日,2019/12/31,511703102\r\n"
        + "511703102,石桥镇,20200101,,\r\n"
    )
    file.write_bytes(text.encode(encoding))
    read = load_areas(file)
    assert read == [
        DACHUAN,
        TOWN._replace(valid_to=date(2019, 12, 31), successor="511703102"),
        Area("511703102", "石桥镇", date(2020, 1, 1)),
    ]
    assert AreaList(read).lineage("511703102") == {"511703101", "511703102"}


@pytest.mark.parametrize(
    ("rows", "line", "code"),
    [
        ("511703,达川区,2013-02-30,,\n", 2, "date.no_such_day"),
        ("# x\n511703,达川区,,,\n", 3, "date.not_a_date"),
        ("511703,达川区,2013-07-01,\n", 2, "area.bad_file"),
        ("5117,达川区,2013-07-01,,\n", 2, "area.bad_code"),
        ("511703,,2013-07-01,,\n", 2, "area.no_name"),
        ("511703,达川区,2013-07-01,2013-06-30,\n", 2, "area.bad_period"),
        ('511703,"达川"区,2013-07-01,,\n', 2, "area.bad_file"),
    ],
)
def test_a_mistake_in_a_file_is_located_to_the_line(tmp_path: Path, rows: str, line: int, code: str) -> None:
    file = tmp_path / "areas.csv"
    file.write_text(HEADER + rows, encoding="utf-8")
    error = refused_file(file)
    assert error.code == code
    assert error.where == f"areas.csv 第 {line} 行"


@pytest.mark.parametrize(
    "content", [b"", HEADER.encode(), b"code,name\n1,2\n", b"\xff\xff\xff\xff", b"PK\x03\x04\x00\x00"]
)
def test_a_file_that_is_not_an_area_file_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "areas.csv"
    file.write_bytes(content)
    error = refused_file(file)
    assert error.code == "area.bad_file"
    assert "areas.csv" in error.where


def test_an_oversized_file_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "areas.csv"
    with file.open("wb") as sparse:
        sparse.truncate(64 * 2**20 + 1)
    assert "64 MB" in refused_file(file).message


def test_a_file_that_cannot_be_read_is_a_storage_error(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(StorageError) as caught:
            load_areas(path)
        assert caught.value.code == "area.file_unreadable"
