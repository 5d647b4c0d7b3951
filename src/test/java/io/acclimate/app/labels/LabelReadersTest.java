package io.acclimate.app.labels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files as the tools write them, cut to what matters. */
class LabelReadersTest {
    private static final ToolClass CAT = ToolClass.named("cat");
    private static final ToolClass DOG = ToolClass.named("dog");

    @TempDir
    Path folder;

    private List<Marking> read(String text) throws IOException {
        return read(text, Fields.GUESSED);
    }

    private List<Marking> read(String text, Fields fields) throws IOException {
        Path file = Files.writeString(folder.resolve("export"), text);
        List<Marking> all = new ArrayList<>();
        LabelFormat.of(file).reader().read(file, fields, all::add);
        return all;
    }

    private static Fields label(String name) {
        return new Fields(Optional.of(name), Optional.empty());
    }

    private static Fields id(String name) {
        return new Fields(Optional.empty(), Optional.of(name));
    }

    private static Marking file(String name, ToolClass... classes) {
        return Marking.of(ImageReference.file(name), Set.of(classes));
    }

    /** As CVAT writes it: ids that have a gap, and annotations of a box each. */
    private static final String COCO = """
            {"licenses": [{"name": "", "id": 0, "url": ""}], "info": {"contributor": ""},
             "categories": [{"id": 17, "name": "cat", "supercategory": ""}, {"id": 90, "name": "dog", "supercategory": ""}],
             "images": [{"id": 1, "width": 8, "height": 8, "file_name": "a/1.png"}, {"id": 2, "width": 8, "height": 8, "file_name": "a/2.png"},
                        {"id": 5, "width": 8, "height": 8, "file_name": "a/5.png"}],
             "annotations": [{"id": 1, "image_id": 1, "category_id": 17, "segmentation": [[1, 2, 3]], "bbox": [0, 0, 4, 4], "iscrowd": 0},
                             {"id": 2, "image_id": 1, "category_id": 17, "bbox": [4, 4, 4, 4]},
                             {"id": 3, "image_id": 5, "category_id": 17}, {"id": 4, "image_id": 5, "category_id": 90}]}""";

    @Test
    void cocoNamesTheCategoryAndNeverTakesItsIdForAnIndex() throws IOException {
        assertThat(read(COCO)).containsExactly(file("a/1.png", CAT), file("a/2.png"), file("a/5.png", CAT, DOG));
    }

    @Test
    void aCocoCategoryWithoutANameIsAnIdAndNoIndex() throws IOException {
        String unnamed = COCO.replace("{\"id\": 17, \"name\": \"cat\", \"supercategory\": \"\"}, ", "");

        assertThat(read(unnamed).get(0).classes()).containsExactly(ToolClass.numbered("17"));
    }

    @Test
    void cocoMayHaveItsAnnotationsBeforeItsImagesAndIdsAsText() throws IOException {
        String reversed = """
                {"annotations": [{"image_id": "x", "category_id": 2}], "images": [{"id": "x", "file_name": "x.jpg", "key": "cam/7"}],
                 "categories": [{"id": "2", "name": "dog"}]}""";

        assertThat(read(reversed, id("key"))).containsExactly(Marking.of(ImageReference.id("cam/7"), Set.of(DOG)));
    }

    @Test
    void cocoRefusesAnAnnotationOfNoImage() {
        assertThatThrownBy(() -> read(COCO.replace("\"image_id\": 5", "\"image_id\": 6")))
                .hasMessage("an annotation has image_id 6, which no image has");
    }

    @Test
    void cocoRefusesAnIdThatTwoImagesOrTwoCategoriesShare() {
        assertThatThrownBy(() -> read(COCO.replace("{\"id\": 5, \"width\"", "{\"id\": 2, \"width\"")))
                .hasMessage("two images have id 2, 'a/2.png' and 'a/5.png': each needs an id of its own");
        assertThatThrownBy(() -> read(COCO.replace("\"id\": 90", "\"id\": 17")))
                .hasMessage("two categories have id 17, 'cat' and 'dog': each needs an id of its own");
    }

    @Test
    void cocoTakesTheSameCategoryTwice() throws IOException {
        String twice = COCO.replace("\"id\": 90, \"name\": \"dog\"", "\"id\": 17, \"name\": \"cat\"");

        assertThat(read(twice).get(0)).isEqualTo(file("a/1.png", CAT));
    }

    private static String task(String image, String annotations) {
        return "[{\"id\": 3, \"data\": {\"image\": \"" + image + "\", \"key\": \"cam-7\"}, \"annotations\": ["
                + annotations
                + "], \"drafts\": [{\"result\": " + choice("choice", "dog") + "}], \"predictions\": [{\"result\": "
                + choice("choice", "dog") + "}]}]";
    }

    private static String annotation(String flags, String result) {
        return "{\"id\": 9, " + flags + "\"result\": " + result + "}";
    }

    private static String choice(String control, String... names) {
        return "[{\"from_name\": \"" + control
                + "\", \"to_name\": \"image\", \"type\": \"choices\", \"value\": {\"choices\": [\""
                + String.join("\", \"", names) + "\"]}}]";
    }

    @Test
    void labelStudioTakesAnnotationsAndNeitherDraftsNorPredictions() throws IOException {
        assertThat(read(task(
                        "/data/upload/1/0a1b2c3d-1.png",
                        annotation("\"was_cancelled\": false, ", choice("choice", "cat")))))
                .containsExactly(file("/data/upload/1/0a1b2c3d-1.png", CAT));
        assertThat(read(task("1.png", ""))).containsExactly(file("1.png"));
    }

    @Test
    void labelStudioJoinsAnnotatorsAndTakesGroundTruthAboveThem() throws IOException {
        String first = annotation("", choice("choice", "cat"));
        String second = annotation("", choice("choice", "dog"));
        String truth = annotation("\"ground_truth\": true, ", choice("choice", "dog"));

        assertThat(read(task("1.png", first + "," + second))).containsExactly(file("1.png", CAT, DOG));
        assertThat(read(task("1.png", first + "," + truth))).containsExactly(file("1.png", DOG));
    }

    @Test
    void labelStudioKnowsAnImageThatAnAnnotatorSkipped() throws IOException {
        String skipped = annotation("\"was_cancelled\": true, ", choice("choice", "dog"));

        assertThat(read(task("1.png", skipped)))
                .containsExactly(new Marking(ImageReference.file("1.png"), Set.of(), true));
    }

    @Test
    void labelStudioAsksWhichOfTwoControlsHoldsTheClass() throws IOException {
        String both = annotation("", "[" + inner("choice", "cat") + "," + inner("quality", "blurred") + "]");

        assertThatThrownBy(() -> read(task("1.png", both)))
                .hasMessage(
                        "it is not clear which field holds the class: name one with --label-field, out of choice, quality");
        assertThat(read(task("1.png", both), label("choice"))).containsExactly(file("1.png", CAT));
    }

    private static String inner(String control, String name) {
        String list = choice(control, name);
        return list.substring(1, list.length() - 1);
    }

    @Test
    void labelStudioReadsRegionsAndTheEndOfATaxonomysPath() throws IOException {
        String regions =
                "[{\"from_name\": \"tag\", \"type\": \"rectanglelabels\", \"value\": {\"x\": 1, \"rectanglelabels\": [\"cat\"]}}]";
        String taxonomy =
                "[{\"from_name\": \"tag\", \"type\": \"taxonomy\", \"value\": {\"taxonomy\": [[\"animal\", \"dog\"]]}}]";

        assertThat(read(task("1.png", annotation("", regions)))).containsExactly(file("1.png", CAT));
        assertThat(read(task("1.png", annotation("", taxonomy)))).containsExactly(file("1.png", DOG));
    }

    @Test
    void labelStudioTakesTheIdFromAFieldOfTheData() throws IOException {
        String labelled = task("1.png", annotation("", choice("choice", "cat")));

        assertThat(read(labelled, id("key"))).containsExactly(Marking.of(ImageReference.id("cam-7"), Set.of(CAT)));
        assertThatThrownBy(() -> read(labelled, id("uid")))
                .hasMessage("a task has no uid, which --id-field names, in [image, key]");
    }

    @Test
    void labelStudiosShortFormHasOneChoiceAsTextAndSeveralInAnObject() throws IOException {
        String flat = """
                [{"image": "1.png", "id": 1, "choice": "cat", "annotator": 1, "annotation_id": 4, "lead_time": 2.5},
                 {"image": "2.png", "id": 2, "choice": {"choices": ["cat", "dog"]}, "annotator": 1, "annotation_id": 5}]""";

        assertThat(read(flat)).containsExactly(file("1.png", CAT), file("2.png", CAT, DOG));
        assertThatThrownBy(() -> read(flat.replace("choice\"", "kind\"")))
                .hasMessageContaining("name one with --label-field, out of kind");
    }

    private static String flat(String answer) {
        return "[{\"image\": \"1.png\", \"id\": 1, \"kind\": " + answer + "}]";
    }

    @Test
    void labelStudiosShortFormHasRegionsAndTaxonomiesAsArrays() throws IOException {
        String regions = """
                [{"x": 1.5, "rotation": 0, "rectanglelabels": ["cat"], "original_width": 8}, {"polygonlabels": ["dog"], "points": [[1, 2]]}]""";

        assertThat(read(flat(regions), label("kind"))).containsExactly(file("1.png", CAT, DOG));
        assertThat(read(flat("[{\"taxonomy\": [[\"animal\", \"dog\"]]}]"), label("kind")))
                .containsExactly(file("1.png", DOG));
        assertThat(read(flat("[\"cat\", {\"choices\": [\"cat\", \"dog\"]}]"), label("kind")))
                .containsExactly(file("1.png", CAT, DOG));
        assertThat(read(flat("[{\"rating\": 3}]"), label("kind"))).containsExactly(file("1.png"));
    }

    @Test
    void aLabelFieldThatNothingInTheFileHasIsRefusedByName() throws IOException {
        String labelled = task("1.png", annotation("", choice("choice", "cat")));

        assertThatThrownBy(() -> read(labelled, label("kimd")))
                .hasMessage("--label-field names control kimd, and the controls are choice");
        assertThatThrownBy(() -> read(flat("\"cat\""), label("kimd")))
                .hasMessage("--label-field names field kimd, and the fields are image, kind");
        assertThatThrownBy(() -> read(SAMPLES, label("truth")))
                .hasMessage(
                        "--label-field names field truth, and the fields are _id, filepath, ground_truth, predictions");
        assertThat(read(task("1.png", ""), label("kimd"))).containsExactly(file("1.png"));
    }

    @Test
    void fiftyOnesNumbersAreIndicesOfItsOwnListOfClasses() throws IOException {
        String labels = """
                {"classes": ["dog", "cat"], "labels": {"1": 1, "2": "dog", "3": {"label": 1, "confidence": 0.9}, "4": null, "5": [0, 1], "6": 7}}""";

        assertThat(read(labels))
                .containsExactly(
                        file("1", CAT),
                        file("2", DOG),
                        file("3", CAT),
                        file("4"),
                        file("5", CAT, DOG),
                        file("6", ToolClass.numbered("7")));
    }

    private static final String SAMPLES = """
            {"samples": [{"_id": {"$oid": "1"}, "filepath": "data/1.jpg", "ground_truth": {"_cls": "Classification", "label": "cat"},
                          "predictions": {"_cls": "Classification", "label": "dog", "confidence": 0.9}},
                         {"_id": {"$oid": "2"}, "filepath": "data/2.jpg", "ground_truth": null}]}""";

    @Test
    void fiftyOneSamplesAreReadFromTheGroundTruthAlone() throws IOException {
        assertThat(read(SAMPLES)).containsExactly(file("data/1.jpg", CAT), file("data/2.jpg"));
        assertThat(read(SAMPLES, label("predictions")).get(0).classes()).containsExactly(DOG);
    }

    @Test
    void predictionsOfAModelNeverBecomeLabelsUnasked() {
        String unchecked = SAMPLES.replaceAll("\"ground_truth\": \\{.*?}, *\\s*", "");

        assertThatThrownBy(() -> read(unchecked))
                .hasMessage(
                        "it is not clear which field holds the labels of people: name one with --label-field, out of predictions");
    }

    @Test
    void aCsvMayHaveAMarkOfByteOrderSemicolonsQuotesAndAFieldOverTwoLines() throws IOException {
        String csv =
                "\uFEFFfilename;note;label\r\n\"a;b.png\";\"two\nlines, \"\"quoted\"\"\";cat\r\n\r\n2.png;;\r\n3.png;x; dog \r\n";

        assertThat(read(csv)).containsExactly(file("a;b.png", CAT), file("2.png"), file("3.png", DOG));
    }

    @Test
    void aCsvColumnOfIdsHoldsTheIdsAndAFileBesideItIsPreferredToTheNumberOfTheRow() throws IOException {
        assertThat(read("image_id,label\ncam.png,cat\n"))
                .containsExactly(Marking.of(ImageReference.id("cam.png"), Set.of(CAT)));
        assertThat(read("id,image,choice\n1,cam.png,cat\n")).containsExactly(file("cam.png", CAT));
        assertThat(read("id,label\n1,7\n"))
                .containsExactly(Marking.of(ImageReference.id("1"), Set.of(ToolClass.digits("7"))));
    }

    @Test
    void aFirstLineOfASpreadsheetNamesTheSeparator() throws IOException {
        assertThat(read("sep=;\r\nimage;label;a,b,c,d\r\n1.png;cat;x\r\n")).containsExactly(file("1.png", CAT));
    }

    @Test
    void aCsvInAnotherEncodingIsRefusedWithTheWayOut() throws IOException {
        Path file = folder.resolve("windows.csv");
        Files.write(file, "image,label\nb\u00e4r.png,cat\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> LabelFormat.of(file).reader().read(file, Fields.GUESSED, each -> {}))
                .isInstanceOf(InvalidLabelFileException.class)
                .hasMessageContaining("not in UTF-8: save it as 'CSV UTF-8'");
    }

    @Test
    void aCsvThatIsNotClearIsRefusedInWordsThatSayWhere() {
        assertThatThrownBy(() -> read("a,b\n1,2\n"))
                .hasMessage("it is not clear which field holds the image's id: name one with --id-field, out of a, b");
        assertThatThrownBy(() -> read("id,label\n1,cat,extra\n"))
                .hasMessage("line 2 has 3 fields, and the first line has 2");
        assertThatThrownBy(() -> read("id,label\n1,\"cat\n"))
                .hasMessage("the field that ends the file in line 2 lacks its closing quotation mark");
        assertThatThrownBy(() -> read("id,label\n1,cat\n", label("kind")))
                .hasMessage("--label-field names column kind, and the columns are id, label");
    }

    @Test
    void jsonThatIsNoneOfTheFormatsOrIsCutOffIsRefused() {
        assertThatThrownBy(() -> read("{\"version\": 1, \"items\": []}"))
                .hasMessageStartingWith("a JSON object of labels has images, annotations and categories (COCO)")
                .hasMessageContaining("got [version, items]");
        assertThatThrownBy(() -> read("[{\"data\": {\"image\": \"1.png\""))
                .hasMessageStartingWith("the file is no JSON: ")
                .hasMessageContaining("in line 1 at column");
    }
}
