from documents.check import main


def test_content_in_order_is_counted(clinic_folder, capsys):
    code = main([str(clinic_folder)])

    assert code == 0
    assert capsys.readouterr() == ("Content is in order: 4 sections, 1 topics.\n", "")


def test_shipped_content_is_checked_by_default(root, shipped, capsys, monkeypatch):
    monkeypatch.chdir(root)

    code = main([])

    assert code == 0
    assert capsys.readouterr().out == (
        f"Content is in order: {len(shipped.sections)} sections, "
        f"{len(shipped.topics)} topics.\n"
    )


def test_mistake_is_printed_with_file_and_line(clinic_folder, capsys):
    file = clinic_folder / "articles/back.md"
    file.write_text("---\ntitle: Back\n---\n\n## Heat\n")

    code = main([str(clinic_folder)])

    assert code == 1
    assert capsys.readouterr() == (
        "",
        f"{file}:5: heading 'Heat' has no id. Write `## Heat {{#short-id}}`, the id in "
        "small letters, digits and hyphens.\n",
    )


def test_folder_that_is_not_there_is_a_mistake(tmp_path, capsys):
    file = tmp_path / "no/clinic.yml"

    code = main([str(tmp_path / "no")])

    assert code == 1
    assert capsys.readouterr() == (
        "",
        f"{file}: cannot be read (No such file or directory). The clinic's facts stand "
        "in this file; put it back.\n",
    )
