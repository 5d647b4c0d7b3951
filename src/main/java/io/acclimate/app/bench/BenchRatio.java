package io.acclimate.app.bench;

import java.io.PrintWriter;

/** A ratio of two measured parts, and the bar that it must not miss. */
record BenchRatio(String name, double value, Side side, double bar) {
    /** Where the ratio must be. */
    enum Side {
        AT_MOST("<="),
        AT_LEAST(">=");

        private final String sign;

        Side(String sign) {
            this.sign = sign;
        }
    }

    static BenchRatio atMost(String name, double value, double bar) {
        return new BenchRatio(name, value, Side.AT_MOST, bar);
    }

    static BenchRatio atLeast(String name, double value, double bar) {
        return new BenchRatio(name, value, Side.AT_LEAST, bar);
    }

    boolean holds() {
        return side == Side.AT_MOST ? value <= bar : value >= bar;
    }

    void print(PrintWriter out) {
        out.printf("%-42s %16.2f   %s %.1f: %s%n", name, value, side.sign, bar, holds() ? "ok" : "MISSED");
    }
}
