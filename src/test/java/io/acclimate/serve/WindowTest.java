package io.acclimate.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.Refusal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class WindowTest {
    private final Window window = new Window(3);
    private final List<String> sent = new ArrayList<>();

    @Test
    void aRecordWithoutAnAnswerIsAnExceptionThatNamesItAndNothingOfTheWindowIsSent() {
        window.add(image(40));
        window.add(image(41));
        window.answer(0, answer(40));

        assertThatThrownBy(() -> drain(window))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("images-7@41")
                .hasMessageContaining("must not be committed");

        assertThat(sent).isEmpty();
    }

    @Test
    void aSecondAnswerToARecordIsAnException() {
        window.add(image(40));
        window.answer(0, answer(40));

        assertThatThrownBy(() -> window.answer(0, answer(40)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("images-7@40");
    }

    @Test
    void anAnswerBeyondTheRecordsIsAnException() {
        window.add(image(40));

        assertThatThrownBy(() -> window.answer(1, answer(41)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("position 1")
                .hasMessageContaining("window of 1");
        assertThatThrownBy(() -> window.record(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void takesAsManyRecordsAsItHasRoomFor() {
        for (int i = 0; i < 3; i++) {
            assertThat(window.isFull()).isFalse();
            assertThat(window.add(image(i))).isEqualTo(i);
        }

        assertThat(window.isFull()).isTrue();
        assertThatThrownBy(() -> window.add(image(3)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("3 records");
    }

    @Test
    void anAnswerOfTheBatchBeforeIsNoAnswerInTheNext() {
        window.add(image(40));
        window.answer(0, answer(40));
        drain(window);

        window.add(image(41));

        assertThatThrownBy(() -> drain(window)).hasMessageContaining("images-7@41");
        window.clear();
        drain(window);
        assertThat(sent).containsExactly("40:40");
    }

    @Property(tries = 100)
    void whateverTheOrderOfAnswersRecordsLeaveInTheirOwn(@ForAll @IntRange(max = 50) int size, @ForAll long seed) {
        Window any = new Window(50);
        List<String> left = new ArrayList<>();
        List<Integer> order = new ArrayList<>(IntStream.range(0, size).boxed().toList());
        order.forEach(i -> any.add(image(i)));
        Collections.shuffle(order, new Random(seed));
        order.forEach(i -> any.answer(i, answer(i)));

        any.drain((record, answer) -> left.add(text(record, answer)));

        assertThat(left)
                .containsExactlyElementsOf(
                        IntStream.range(0, size).mapToObj(i -> i + ":" + i).toList());
    }

    private void drain(Window from) {
        from.drain((record, answer) -> sent.add(text(record, answer)));
    }

    private static String text(ConsumerRecord<byte[], byte[]> record, Answer answer) {
        return record.offset() + ":" + ((Answer.Refused) answer).refusal().message();
    }

    private static Answer answer(long offset) {
        return new Answer.Refused(new Refusal(DeadLetterReason.EMPTY_VALUE, String.valueOf(offset)));
    }

    private static ConsumerRecord<byte[], byte[]> image(long offset) {
        return new ConsumerRecord<>("images", 7, offset, new byte[0], new byte[0]);
    }
}
