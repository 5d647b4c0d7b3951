package io.acclimate.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class PortsTest {
    @Test
    void freePortIsTaken() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }

        assertThat(Ports.freeOr("localhost", free)).isEqualTo(free);
    }

    @Test
    void busyPortIsReplacedByAFreeOne() throws Exception {
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getByName("localhost"))) {
            assertThat(Ports.freeOr("localhost", busy.getLocalPort()))
                    .isPositive()
                    .isNotEqualTo(busy.getLocalPort());
        }
    }

    @Test
    void zeroAsksForAnyFreePort() throws Exception {
        assertThat(Ports.freeOr("localhost", 0)).isPositive();
    }
}
