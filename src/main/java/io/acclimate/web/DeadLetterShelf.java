package io.acclimate.web;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Keeps the newest dead letters and counts all that were seen, by stage and reason. Bounded: there are few stages and reasons, and only the newest
 * {@value #PICTURES} letters keep a picture. Any thread.
 */
final class DeadLetterShelf {
    static final int LETTERS = 100;
    static final int PICTURES = 24;
    /** Stage and reason come from headers that anybody who may write to the topic can set. */
    private static final int KINDS = 200;

    private static final int LONGEST = 500;

    private record Kind(String stage, String reason) {}

    private record Letter(long number, RefusedRecord record) {}

    private record Picture(long letter, Preview preview) {}

    private final Map<Kind, Long> counts = new LinkedHashMap<>();
    private final Recent<Letter> letters = new Recent<>(LETTERS);
    private final Recent<Picture> pictures = new Recent<>(PICTURES);
    private long total;

    synchronized void add(RefusedRecord record) {
        total++;
        Kind kind = new Kind(cut(record.stage(), 60), cut(record.reason(), 60));
        if (counts.size() < KINDS || counts.containsKey(kind)) {
            counts.merge(kind, 1L, Long::sum);
        }
        RefusedRecord kept = new RefusedRecord(
                record.at(),
                record.letter(),
                record.input(),
                kind.stage,
                kind.reason,
                cut(record.message(), LONGEST),
                cut(record.key(), LONGEST),
                cut(record.domain(), 64),
                Optional.empty());
        letters.add(new Letter(total, kept));
        pictures.add(new Picture(total, Preview.of(record.value())));
    }

    /** The JSON form, newest letter first. */
    synchronized Map<String, Object> view() {
        List<Object> kinds = new ArrayList<>();
        counts.entrySet().stream()
                .sorted(Map.Entry.<Kind, Long>comparingByValue().reversed())
                .forEach(each -> kinds.add(new TreeMap<>(Map.of(
                        "stage", each.getKey().stage, "reason", each.getKey().reason, "count", each.getValue()))));
        List<Object> latest = new ArrayList<>();
        Map<Long, Preview> previews = new HashMap<>();
        pictures.all().forEach(each -> previews.put(each.letter, each.preview));
        letters.newestFirst()
                .forEach(letter -> latest.add(row(letter.record, previews.getOrDefault(letter.number, Preview.NONE))));
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("total", total);
        body.put("counts", kinds);
        body.put("latest", latest);
        return body;
    }

    private static Map<String, Object> row(RefusedRecord record, Preview preview) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", record.letter().partition() + ":" + record.letter().offset());
        row.put("at", record.at().toEpochMilli());
        row.put("topic", record.input().topic());
        row.put("partition", record.input().partition());
        row.put("offset", record.input().offset());
        row.put("stage", record.stage());
        row.put("reason", record.reason());
        row.put("message", record.message());
        row.put("key", record.key());
        row.put("domain", record.domain());
        row.put("url", preview.url());
        row.put("text", preview.text());
        return row;
    }

    private static String cut(String text, int longest) {
        return text.length() > longest ? text.substring(0, longest) + "…" : text;
    }
}
