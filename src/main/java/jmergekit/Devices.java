package jmergekit;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jmergekit.cpu.CpuExecutor;
import jmergekit.cuda.Gpus;
import jmergekit.cuda.NoGpuException;
import jmergekit.primitive.Executor;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.tile.TileOps;

/// Opens the device that [RunSettings#device] names. Each run opens its own, because the GPU memory
/// available to each thread is decided per run.
final class Devices {
    private static final Pattern GPU = Pattern.compile("cuda(?::(\\d{1,4}|all))?");

    private Devices() {}

    static Executor open(String device) {
        Matcher gpu = GPU.matcher(device);
        if (device.equals("cpu")) {
            return cpu();
        }
        if (!gpu.matches() && !device.equals("auto")) {
            throw new MergeException(
                    Problem.usage("device", "unknown device")
                            .expected("cpu, cuda, cuda:N, cuda:all or auto")
                            .found(device));
        }
        try {
            return gpu(gpu.matches() && gpu.group(1) != null ? gpu.group(1) : "0");
        } catch (NoGpuException e) {
            if (device.equals("auto")) {
                return cpu();
            }
            throw new MergeException(
                    Problem.usage("device " + device, "there is no GPU to compute on")
                            .found(String.valueOf(e.getMessage())),
                    e);
        }
    }

    private static Executor cpu() {
        return new CpuExecutor(TileOps.best());
    }

    private static Executor gpu(String which) throws NoGpuException {
        Gpus gpus = Gpus.find();
        if (which.equals("all")) {
            return gpus.open(gpus.all());
        }
        int index = Integer.parseInt(which);
        if (index >= gpus.count()) {
            throw new MergeException(
                    Problem.usage("device cuda:" + index, "there is no such GPU")
                            .found(gpus.count() + " GPUs, counted from 0"));
        }
        return gpus.open(List.of(index));
    }
}
