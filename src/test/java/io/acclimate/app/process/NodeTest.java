package io.acclimate.app.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.telemetry.Health;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeTest {
    private final List<String> calls = new ArrayList<>();

    private Role role(String name) {
        return role(name, () -> calls.add("start " + name), Health.READY);
    }

    private Role role(String name, Role.Start start, Health health) {
        return Role.of(name, () -> calls.add("prepare " + name), start, () -> health, () -> calls.add("close " + name));
    }

    @Test
    void rolesStartInOrderAndCloseInReverse() throws Exception {
        try (Node node = new Node(List.of(role("a"), role("b")))) {
            node.prepare();
            node.start();
        }

        assertThat(calls).containsExactly("prepare a", "prepare b", "start a", "start b", "close b", "close a");
    }

    @Test
    void failedStartClosesTheRolesThatWereOpenedAndNoOther() {
        Role failing = role(
                "b",
                () -> {
                    throw new IllegalStateException("no broker");
                },
                Health.READY);
        Node node = new Node(List.of(role("a"), failing, role("c")));

        assertThatThrownBy(node::start).hasMessage("no broker");

        assertThat(calls).containsExactly("start a", "close b", "close a");
    }

    @Test
    void roleThatFailsToCloseDoesNotKeepTheOthersOpen() throws Exception {
        Role stubborn = Role.of("b", () -> {}, () -> Health.READY, () -> {
            throw new IllegalStateException("stuck");
        });
        Node node = new Node(List.of(role("a"), stubborn));
        node.start();

        node.close();

        assertThat(calls).containsExactly("start a", "close a");
    }

    @Test
    void secondCloseClosesNothingAgain() throws Exception {
        Node node = new Node(List.of(role("a")));
        node.start();
        node.close();

        node.close();

        assertThat(calls).containsExactly("start a", "close a");
    }

    @Test
    void roleThatWasOnlyPreparedIsClosedToo() {
        Node node = new Node(List.of(role("a")));
        node.prepare();

        node.close();

        assertThat(calls).containsExactly("prepare a", "close a");
    }

    @Test
    void namesTheRolesThatAreNotReadyAndWhatTheyWaitFor() {
        try (Node node = new Node(List.of(role("a"), role("b", () -> {}, Health.notReady("its share"))))) {
            assertThat(node.waitingFor()).containsExactly("b: its share");
            assertThat(node.checks().keySet()).containsExactly("a", "b");
            assertThat(node.checks().get("a")).isNotNull();
        }
    }
}
