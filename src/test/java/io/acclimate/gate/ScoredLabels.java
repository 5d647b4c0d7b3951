package io.acclimate.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntSupplier;

/** Scored samples of ten classes, drawn in a fixed order, and a proof that sees them. */
final class ScoredLabels {
    static final int CLASSES = 10;

    private final SplittableRandom random = new SplittableRandom(1);
    private final Proof proof;
    private int next;

    ScoredLabels(Proof proof) {
        this.proof = proof;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    /** Ahead with one probability and behind with the other. */
    IntSupplier ahead(double won, double lost) {
        return () -> {
            double draw = random.nextDouble();
            return draw < won ? 1 : draw < won + lost ? -1 : 0;
        };
    }

    interface Leads {
        Scored of(int label);
    }

    Leads both(IntSupplier ahead) {
        return label -> {
            int lead = ahead.getAsInt();
            int other = anyOtherThan(label);
            int model = lead < 0 ? other : label;
            return new Scored(label, lead > 0 ? other : label, model, model);
        };
    }

    void see(int count, IntSupplier ahead) {
        see(count, (Leads) label -> sample(label, ahead.getAsInt()));
    }

    /** In mini-batches, all classes in turn. */
    void see(int count, Leads leads) {
        List<Scored> batch = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            batch.add(leads.of(next++ % CLASSES));
            if (batch.size() == 32 || i == count - 1) {
                proof.see(batch);
                batch.clear();
            }
        }
    }

    int anyOtherThan(int label) {
        return (label + 1 + random.nextInt(CLASSES - 1)) % CLASSES;
    }

    Scored sample(int label, int ahead) {
        int other = anyOtherThan(label);
        int source = ahead > 0 ? other : label;
        return new Scored(label, source, source, ahead < 0 ? other : label);
    }
}
