package io.acclimate.serve;

import java.util.Arrays;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Some consecutive records of a poll with their answers, matched by position. Records get their answers in any order and leave
 * in the order in which they came. A record that has no answer is a bug, and an exception here keeps it from being committed
 * unanswered. One thread.
 */
final class Window {
    private final ConsumerRecord<byte[], byte[]>[] records;
    private final @Nullable Answer[] answers;
    private int size;

    /** @param capacity records that fit */
    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type cannot be created in another way
    Window(int capacity) {
        this.records = new ConsumerRecord[capacity];
        this.answers = new Answer[capacity];
    }

    boolean isFull() {
        return size == records.length;
    }

    /** Adds a record and returns its position, under which its answer is given. */
    int add(ConsumerRecord<byte[], byte[]> record) {
        if (isFull()) {
            throw new IllegalStateException("the window holds " + size + " records and takes no more");
        }
        records[size] = record;
        return size++;
    }

    ConsumerRecord<byte[], byte[]> record(int position) {
        return records[checked(position)];
    }

    /** Gives the record at {@code position} its only answer. */
    void answer(int position, Answer answer) {
        if (answers[checked(position)] != null) {
            throw new IllegalStateException("a second answer to " + name(position));
        }
        answers[position] = answer;
    }

    /**
     * Hands each record with its answer to {@code sink}, in the order of the records, and is empty afterwards.
     *
     * @throws IllegalStateException if a record has no answer; {@code sink} has seen none of the window then
     */
    void drain(BiConsumer<ConsumerRecord<byte[], byte[]>, Answer> sink) {
        for (int i = 0; i < size; i++) {
            if (answers[i] == null) {
                throw new IllegalStateException("no answer to " + name(i) + ": it must not be committed");
            }
        }
        for (int i = 0; i < size; i++) {
            Answer answer = answers[i];
            if (answer != null) {
                sink.accept(records[i], answer);
            }
        }
        clear();
    }

    /** Forgets all records and answers, for a batch that begins again. */
    void clear() {
        Arrays.fill(records, 0, size, null);
        Arrays.fill(answers, 0, size, null);
        size = 0;
    }

    private int checked(int position) {
        if (position < 0 || position >= size) {
            throw new IllegalArgumentException("position " + position + " is outside of a window of " + size);
        }
        return position;
    }

    private String name(int position) {
        ConsumerRecord<byte[], byte[]> record = records[position];
        return "record " + position + " of " + size + " (" + record.topic() + "-" + record.partition() + "@"
                + record.offset() + ")";
    }
}
