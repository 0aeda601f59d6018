// What DigitalOcean offers, as much of it as the drivers ask for: regions, sizes, and images that it has today.

export interface Region {
  slug: string;
  name: string;
  available: boolean;
  features: string[];
  sizes: string[];
}

export interface Size {
  slug: string;
  available: boolean;
  memory: number;
  vcpus: number;
  disk: number;
  transfer: number;
  price_monthly: number;
  price_hourly: number;
  regions: string[];
  description: string;
}

export interface Image {
  id: number;
  slug: string;
  name: string;
  distribution: string;
  type: string;
  public: boolean;
  status: string;
  regions: string[];
  min_disk_size: number;
  size_gigabytes: number;
  created_at: string;
}

const regionNames = {
  ...{ nyc1: "New York 1", nyc3: "New York 3", sfo3: "San Francisco 3", ams3: "Amsterdam 3" },
  ...{ fra1: "Frankfurt 1", lon1: "London 1", sgp1: "Singapore 1", blr1: "Bangalore 1" },
};
const regionSlugs = Object.keys(regionNames);

const size = (slug: string, vcpus: number, memory: number, disk: number, monthly: number): Size => ({
  ...{ slug, available: true, memory, vcpus, disk, transfer: vcpus, description: "Basic" },
  ...{ price_monthly: monthly, price_hourly: Number((monthly / 672).toFixed(5)), regions: regionSlugs },
});

export const sizes: readonly Size[] = [
  size("s-1vcpu-512mb-10gb", 1, 512, 10, 4),
  size("s-1vcpu-1gb", 1, 1024, 25, 6),
  size("s-1vcpu-2gb", 1, 2048, 50, 12),
  size("s-2vcpu-2gb", 2, 2048, 60, 18),
  size("s-2vcpu-4gb", 2, 4096, 80, 24),
  size("gpu-h100x1-80gb", 20, 245_760, 720, 2_500),
];

export const regions: readonly Region[] = Object.entries(regionNames).map(([slug, name]) => ({
  ...{ slug, name, available: true },
  features: ["backups", "ipv6", "metadata", "install_agent", "storage", "image_transfer"],
  sizes: sizes.map((each) => each.slug),
}));

const image = (id: number, slug: string, name: string, distribution: string): Image => ({
  ...{ id, slug, name, distribution, type: "base", public: true, status: "available", regions: regionSlugs },
  ...{ min_disk_size: 7, size_gigabytes: 0.6, created_at: "2025-06-01T00:00:00Z" },
});

/** ubuntu-16-04-x64 and ubuntu-20-04-x64, which the drivers ask for by themselves, are withdrawn. */
export const images: readonly Image[] = [
  image(129211873, "ubuntu-22-04-x64", "22.04 (LTS) x64", "Ubuntu"),
  image(155133621, "ubuntu-24-04-x64", "24.04 (LTS) x64", "Ubuntu"),
  image(139080698, "debian-12-x64", "12 x64", "Debian"),
  image(195932981, "rockylinux-9-x64", "9 x64", "Rocky Linux"),
];
