package io.acclimate.adapt.rebuild;

import io.acclimate.adapt.rebuild.Episode.Configuration;
import io.acclimate.adapt.rebuild.Episode.Start;
import io.acclimate.adapt.rebuild.Episode.Step;
import io.acclimate.adapt.rebuild.History.KeptLoss;
import io.acclimate.adapt.rebuild.History.KeptMiniBatch;
import io.acclimate.adapt.rebuild.History.RecordedCommand;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A domain's training in the order in which it happened, as far as versions, events and kept mini-batches tell. A pure function of
 * those: nothing is trained here.
 *
 * <p>A mini-batch belongs to the configuration that its event names. Without an event, it belongs to the configuration of the next
 * version; without such a version, or when no version knows the event's configuration, to that of the mini-batch before. A change of
 * configuration ends an episode.
 *
 * @param episodes in their order
 * @param notes what a reader must know to judge the result
 * @param stopped why nothing can be made after the last episode, when the records end too early
 */
record Timeline(List<Episode> episodes, List<String> notes, Optional<String> stopped) {
    Timeline {
        episodes = List.copyOf(episodes);
        notes = List.copyOf(notes);
    }

    /**
     * @param losses that kept starts tell
     * @param miniBatches those that are kept, in the order of their offsets
     * @param topic of the mini-batches, for messages
     */
    static Timeline of(
            RecordedConfigurations configurations,
            History history,
            List<KeptLoss> losses,
            List<KeptMiniBatch> miniBatches,
            String topic) {
        return new Builder(configurations, history, losses, topic).build(miniBatches);
    }

    /**
     * The same from a start on, before which mini-batches are deleted.
     *
     * @param generation of the domain's rounds that led to the start
     * @param nextMiniBatch the number of the first mini-batch after the start
     * @param losses that kept starts tell
     * @param miniBatches those that are kept from this number on
     */
    static Timeline from(
            long generation,
            long nextMiniBatch,
            RecordedConfigurations configurations,
            History history,
            List<KeptLoss> losses,
            List<KeptMiniBatch> miniBatches,
            String topic) {
        Builder builder = new Builder(configurations, history, losses, topic);
        builder.first = new Start.FromKept(generation);
        builder.nextSequence = nextMiniBatch;
        long offset =
                miniBatches.isEmpty() ? Long.MAX_VALUE : miniBatches.get(0).offset();
        return builder.build(history.commandsBetween(generation, offset), offset, miniBatches);
    }

    private static final class Builder {
        private final RecordedConfigurations configurations;
        private final History history;
        private final List<KeptLoss> losses;
        private final String topic;
        private final Set<Long> stateLostAt;
        private final List<Episode> closed = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();
        private final Set<String> unknownIds = new HashSet<>();
        /** The losses after which an episode has begun. Every event of a worker tells that worker's. */
        private final Set<Long> told = new HashSet<>();

        private final List<Step.Learn> learnt = new ArrayList<>();

        private Start first = new Start.Fresh();
        private Optional<Episode> open = Optional.empty();
        private List<Step> steps = new ArrayList<>();
        private long nextSequence;

        Builder(RecordedConfigurations configurations, History history, List<KeptLoss> losses, String topic) {
            this.configurations = configurations;
            this.history = history;
            this.losses = losses;
            this.topic = topic;
            this.stateLostAt = new HashSet<>(configurations.stateLostAt());
            this.stateLostAt.addAll(history.allStatesLost());
        }

        Timeline build(List<KeptMiniBatch> miniBatches) {
            return build(history.commandsAfter(-1), 0, miniBatches);
        }

        /**
         * @param commands before the first mini-batch
         * @param offset of the first mini-batch that may follow them
         */
        Timeline build(List<RecordedCommand> commands, long offset, List<KeptMiniBatch> miniBatches) {
            history.gap().ifPresent(notes::add);
            boolean complete = apply(commands, offset);
            for (KeptMiniBatch each : miniBatches) {
                complete =
                        complete && miniBatch(each) && apply(history.commandsAfter(each.offset()), each.offset() + 1);
            }
            close();
            return new Timeline(
                    closed, notes, complete ? Optional.empty() : Optional.of("no version tells its settings"));
        }

        /** False when its configuration is unknown. */
        private boolean miniBatch(KeptMiniBatch each) {
            Optional<String> id = history.configurationId(each.offset());
            Optional<Configuration> configuration =
                    id.isPresent() ? withId(id.get()) : configurations.ofNextVersion(each.offset());
            if (!enter(configuration.or(this::current), each.offset(), history.stateLostAt(each.offset()))) {
                return false;
            }
            if (each.sequence() < nextSequence) {
                return true;
            }
            if (each.sequence() > nextSequence) {
                String gap =
                        "mini-batches " + nextSequence + " to " + (each.sequence() - 1) + " are gone from " + topic;
                notes.add(gap);
                steps.add(new Step.Missing(gap));
            }
            nextSequence = each.sequence() + 1;
            Step.Learn round = new Step.Learn(each.offset(), history.effort(each.offset()));
            if (!round.effort().isLeftOut()) {
                steps.add(new Step.Guard(each.offset()));
            }
            if (stateLostAt.contains(each.offset())) {
                steps.add(new Step.KeepState(each.offset()));
            }
            steps.add(round);
            learnt.add(round);
            return true;
        }

        /** False when the configuration of one is unknown. */
        private boolean apply(List<RecordedCommand> commands, long offset) {
            for (RecordedCommand each : commands) {
                Optional<Configuration> named = each.configurationId().flatMap(this::withId);
                if (named.isEmpty() && each.command().isEmpty()) {
                    continue;
                }
                Optional<Configuration> configuration =
                        named.or(this::current).or(() -> configurations.ofNextVersion(offset));
                if (!enter(configuration, offset, each.stateLostAt())) {
                    return false;
                }
                each.command().ifPresent(command -> steps.add(new Step.Apply(command)));
            }
            return true;
        }

        private Optional<Configuration> current() {
            return open.map(Episode::configuration);
        }

        private Optional<Configuration> withId(String id) {
            Optional<Configuration> configuration = configurations.withId(id);
            if (configuration.isEmpty() && unknownIds.add(id)) {
                notes.add("no version names the settings of configuration " + id
                        + "; its mini-batches are learnt as those before");
            }
            return configuration;
        }

        /**
         * Continues the open episode, or begins another one before the mini-batch at {@code offset}. A worker that has lost its
         * predecessor's state begins one under the same configuration, too: another worker may have been between them, without a round.
         *
         * @param lost where its worker had lost its predecessor's state, if an event says so
         */
        private boolean enter(Optional<Configuration> configuration, long offset, OptionalLong lost) {
            if (configuration.isEmpty()) {
                return false;
            }
            boolean isNewLoss = lost.isPresent() && learnt(lost.getAsLong()) && told.add(lost.getAsLong());
            if (!configuration.equals(current()) || isNewLoss) {
                Start start = open.isEmpty() ? first : start(offset, configuration.get(), lost);
                close();
                open = Optional.of(new Episode(configuration.get(), start, offset, List.of()));
            }
            return true;
        }

        /**
         * What a worker without a round left is in its start alone, if it wrote one and that is still kept. Else it is as if this worker had
         * come directly after the kill. Events say of each episode what its versions say of it only while retention keeps one of them. Records of earlier builds
         * have only those.
         */
        private Start start(long offset, Configuration configuration, OptionalLong byEvent) {
            OptionalLong lost = byEvent.isPresent() ? byEvent : configurations.stateLostAt(offset, configuration);
            Optional<KeptLoss> kept = losses.stream()
                    .filter(each -> lost.isPresent() && each.lostAt() == lost.getAsLong())
                    .filter(each -> each.nextMiniBatch() == nextSequence)
                    .findFirst();
            if (kept.isPresent()) {
                return new Start.FromKept(kept.get().generation());
            }
            return lost.isPresent() && learnt(lost.getAsLong())
                    ? new Start.AfterKill(
                            lost.getAsLong(),
                            learnt.stream()
                                    .filter(each -> each.offset() >= lost.getAsLong())
                                    .toList())
                    : new Start.AfterStop();
        }

        private boolean learnt(long offset) {
            return learnt.stream().anyMatch(each -> each.offset() == offset);
        }

        private void close() {
            List<Step> done = steps;
            open.ifPresent(episode ->
                    closed.add(new Episode(episode.configuration(), episode.start(), episode.offset(), done)));
            open = Optional.empty();
            steps = new ArrayList<>();
        }
    }
}
